import { isDeepStrictEqual } from "node:util";
import { ComponentRefusal } from "../component-refusal.ts";
import { isJsonObject } from "../text/read-json-object.ts";
import { toolList } from "./tool-list.ts";

/** What Claude Code 2.1.328 gives to an agent that names it. It passes over every other name in silence. */
const usable: ReadonlySet<string> = new Set(
  (
    "* Agent Bash CronCreate CronDelete CronList Edit EnterWorktree ExitWorktree Glob Grep KillBash KillShell ListAgents " +
    "Monitor NotebookEdit Read ReportFindings ScheduleWakeup SendMessage Skill Task TaskStop ToolSearch WebFetch " +
    "WebSearch Write"
  ).split(" "),
);

/** Names of other programs, and older ones of Claude Code, with what does the same. In small letters, without `_` and `-`. */
const meanings: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    ...each(
      "codebase search usages textsearch filesearch searchfiles findfiles grepsearch semanticsearch",
      "Grep",
      "Glob",
    ),
    ...each("grep", "Grep"),
    ...each("glob ls list listdir listfiles", "Glob"),
    ...each("edit editfiles editfile", "Edit", "Write"),
    ...each("multiedit replace strreplace applypatch", "Edit"),
    ...each("write createfile writefile new", "Write"),
    ...each("runcommands runcommand shell bash terminal runinterminal execute runtasks runtests bashoutput", "Bash"),
    ...each("fetch webfetch openurl opensimplebrowser", "WebFetch"),
    ...each("websearch", "WebSearch"),
    ...each("web", "WebFetch", "WebSearch"),
    ...each("read readfile readfiles view notebookread", "Read"),
    ...each("agent task runsubagent", "Agent"),
    ...each("skill slashcommand", "Skill"),
    ...each("all", "*"),
  }),
);

function each(names: string, ...tools: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(names.split(" ").map((name) => [name, tools]));
}

export interface AgentTools {
  /** As Claude Code reads them; `undefined` for an agent that names none and has all. */
  readonly tools: readonly string[] | undefined;
  /** Whether `tools` are other names than the file has. */
  readonly isMapped: boolean;
  /** MCP servers of which one has to be there, because the agent has no other tool. */
  readonly servers: readonly string[];
  readonly warnings: readonly string[];
}

/** The tools of an agent, with known names of other programs brought into Claude Code's. Refuses one that has none left. */
export function agentTools(values: Readonly<Record<string, unknown>>): AgentTools {
  const denied = new Set(toolList(values.disallowedTools));
  if (!("tools" in values)) return { tools: undefined, isMapped: false, servers: [], warnings: [] };
  const named = namedTools(values.tools);
  if (named.length === 0)
    return { tools: named, isMapped: false, servers: [], warnings: ["It names no tool, so it can only answer"] };
  const mapped = new Map<string, readonly string[]>();
  const tools = named.flatMap((tool) => {
    const [name = ""] = tool.split("(");
    if (usable.has(name) || isServerTool(name)) return [tool];
    const meaning = meanings.get(name.toLowerCase().replace(/^.*\//, "").replace(/[_-]/g, ""));
    if (meaning !== undefined) mapped.set(name, meaning);
    return meaning ?? [tool];
  });
  const works = tools.filter((tool) => isUsable(tool) && !denied.has(tool.split("(")[0] ?? ""));
  if (works.length === 0)
    throw new ComponentRefusal(
      `has no tool that Claude Code has, so it cannot start: ${named.slice(0, 10).join(", ")}`,
    );
  return {
    tools: [...new Set(tools)],
    isMapped: mapped.size > 0 || !isPlainList(values.tools, named),
    servers: works.every(isServerTool) ? works.map((tool) => tool.split("__")[1] ?? "") : [],
    warnings: [...mapped].map(([name, meaning]) =>
      meaning.includes("*")
        ? `Its tool ${name} becomes every tool`
        : `Its tool ${name} becomes ${meaning.join(" and ")}`,
    ),
  };
}

/** Whether every reader finds just these names in `value`: no quotes, invisible characters or lists within a list. */
function isPlainList(value: unknown, names: readonly string[]): boolean {
  const plain =
    typeof value === "string"
      ? names.every((name) => value.includes(name)) &&
        !/[[\]"'`;|]|[^\x20-\x7e\s]/.test(value.replace(/\([^)]*\)/g, ""))
      : undefined;
  return (
    plain ??
    (Array.isArray(value) &&
      isDeepStrictEqual(
        value.flatMap((item) => (typeof item === "string" ? toolList(item) : [item])),
        names,
      ) &&
      isPlainList(value.join(), names))
  );
}

/** Also as `name: true`, which another program reads. */
function namedTools(value: unknown): string[] {
  if (!isJsonObject(value)) {
    if (typeof value === "number" || typeof value === "boolean")
      throw new ComponentRefusal("names its tools by something that is no list: Claude Code would give it none");
    return Array.isArray(value) ? value.flatMap(listedTool) : toolList(value);
  }
  const named = Object.keys(value).filter((name) => value[name] !== false);
  if (named.length === 0) throw new ComponentRefusal("turns every tool off, so it cannot start");
  return named;
}

/** Also as `- name: Read`. */
function listedTool(item: unknown): string[] {
  if (!isJsonObject(item)) return toolList(item);
  if (typeof item.name !== "string")
    throw new ComponentRefusal(
      "names its tools by a list of something else than names: Claude Code would give it none",
    );
  return toolList(item.name);
}

function isUsable(tool: string): boolean {
  return usable.has(tool.split("(")[0] ?? "") || isServerTool(tool);
}

function isServerTool(tool: string): boolean {
  return tool.startsWith("mcp__");
}
