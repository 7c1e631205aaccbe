import { withoutInvisible } from "../text/without-invisible.ts";

/** Tools that Claude Code has had under these names; those of MCP servers begin with `mcp__`. */
const known: ReadonlySet<string> = new Set(
  (
    "Agent AskUserQuestion Bash BashOutput CronCreate CronDelete CronList Edit EnterPlanMode EnterWorktree ExitPlanMode " +
    "ExitWorktree Glob Grep KillBash KillShell LS ListAgents ListMcpResourcesTool LSP Monitor MultiEdit NotebookEdit " +
    "NotebookRead PowerShell Read ReadMcpResourceTool ReportFindings ScheduleWakeup SendMessage Skill SlashCommand Task " +
    "TaskCreate TaskGet TaskList TaskOutput TaskStop TaskUpdate TeamCreate TeamDelete TodoRead TodoWrite ToolSearch " +
    "WebFetch WebSearch Workflow Write"
  ).split(" "),
);

/** A list of tools as front matter has it: a YAML list or one line with commas or spaces, rules in brackets kept whole. */
export function toolList(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(toolList);
  if (typeof value !== "string") return [];
  // `[Read, Grep` is a list that somebody did not close: its names are meant all the same.
  const text = String(withoutInvisible(value.slice(0, 10_000))).replace(/^\s*\[|\]\s*$/g, "");
  return (text.match(/(?:\([^)]*\)|[^\s,;|\uff0c\u3001(])+/g) ?? [])
    .map((tool) => tool.replace(/^["'`\u2018-\u201f]+|["'`\u2018-\u201f]+$/g, ""))
    .filter((tool) => tool !== "" && tool !== "-");
}

/** The names among `tools` that are no tool of Claude Code. */
export function unknownTools(tools: readonly string[]): string[] {
  return tools.filter((tool) => {
    const name = tool.replace(/\(.*$/s, "").trim();
    return name !== "*" && !known.has(name) && !name.startsWith("mcp__");
  });
}

/** Whether Claude Code would take this as a model's name. */
export function isKnownModel(model: string): boolean {
  return /^(inherit|best|opusplan|(sonnet|opus|haiku|fable)(\[1m\])?|(anthropic[./])?claude-[\w.[\]@:-]+)$/i.test(
    model.trim(),
  );
}
