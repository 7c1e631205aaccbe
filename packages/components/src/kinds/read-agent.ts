import type { ComponentContent } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { ComponentRefusal } from "./component-refusal.ts";
import { emptyContent } from "./empty-content.ts";
import { agentTools } from "./front-matter/agent-tools.ts";
import { type FrontMatter, readFrontMatter, writeFrontMatter } from "./front-matter/front-matter.ts";
import { isKnownModel, unknownTools } from "./front-matter/tool-list.ts";
import { markdownHooks } from "./hooks/markdown-hooks.ts";
import { markdownShell } from "./shell/markdown-shell.ts";
import { programObstacles } from "./shell/program-obstacles.ts";
import { readText } from "./text/read-text.ts";

/**
 * An agent. Claude Code loads it when its front matter is YAML with a name and a description, and passes over it in
 * silence otherwise; what a user would read all the same is written in plain YAML, with a warning.
 */
export async function readAgent(input: ComponentInput): Promise<ComponentContent> {
  const bytes = await input.tree.read(input.path);
  const text = readText(bytes);
  const found = readFrontMatter(text);
  if (found === undefined)
    throw new ComponentRefusal(
      "has no front matter with a name and a description, which Claude Code needs of an agent",
    );
  const hooks = markdownHooks(found, [], `agent ${input.baseName}`);
  const front = hooks.front ?? found;
  const repairs: string[] = [];
  if (front.problem !== undefined) repairs.push(front.problem);
  const name = input.calledName ?? agentName(front, input.baseName, repairs);
  if (input.calledName !== undefined) repairs.push("its name is another agent's too");
  const description = agentDescription(front, repairs);
  const { tools, isMapped, servers, warnings: mapping } = agentTools(front.values);
  if (isMapped) repairs.push("it names its tools in another way than Claude Code");
  const shell = markdownShell("", found.values);
  const warnings = [
    ...repairs.map((repair) => `Its front matter is rewritten, so that Claude Code reads it: ${repair}`),
    ...mapping,
    ...checkToolsAndModel(tools ?? [], front.values.model),
    ...shell.warnings,
    ...hooks.warnings,
    ...unsafeFields(front.values),
  ];
  const named = isMapped ? { tools: (tools ?? []).join(", ") } : {};
  return {
    ...emptyContent,
    description,
    files: [
      {
        path: `.claude/agents/${input.baseName}.md`,
        mode: 0o644,
        bytes:
          repairs.length === 0 ? bytes : writeFrontMatter({ ...front.values, name, description, ...named }, front.body),
      },
    ],
    expected: { ...emptyContent.expected, agents: [name], descriptions: { [`agent ${name}`]: description } },
    tools: tools ?? [],
    commands: shell.commands,
    programs: hooks.programs,
    missingScripts: hooks.missingScripts,
    neededServers: servers,
    obstacles: [
      ...programObstacles(hooks.programs),
      ...(servers.length === 0 ? [] : [`has no tool but those of MCP servers: ${[...new Set(servers)].join(", ")}`]),
    ],
    warnings,
  };
}

function agentName(front: FrontMatter, baseName: string, repairs: string[]): string {
  const value = front.values.name;
  let name = baseName;
  if (typeof value === "string" && value.trim() !== "") name = value;
  else if (typeof value === "number") {
    name = String(value);
    repairs.push("its name is a number");
  } else repairs.push(`it has no name, so it is called ${baseName}`);
  if (name.startsWith("-") || name.length > 256 || name.normalize("NFKC").includes(":"))
    throw new ComponentRefusal(
      `is called ${JSON.stringify(name.slice(0, 80))}: Claude Code takes no name that begins with "-", holds ":" or is over 256 characters`,
    );
  return name;
}

function agentDescription(front: FrontMatter, repairs: string[]): string {
  const value = front.values.description;
  if (typeof value === "string" && value !== "") return value;
  if (value === undefined || value === null || value === "")
    throw new ComponentRefusal("has no description in its front matter, which Claude Code needs of an agent");
  repairs.push("its description is not a text");
  return Array.isArray(value) ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Warnings on what front matter names and Claude Code does not know. */
export function checkToolsAndModel(tools: readonly string[], model: unknown): string[] {
  const unknown = unknownTools(tools);
  const oddModel = typeof model === "string" && model.trim() !== "" && !isKnownModel(model);
  return [
    ...(unknown.length > 0 ? [`It names tools that Claude Code does not have: ${unknown.join(", ")}`] : []),
    ...(oddModel ? [`It asks for the model ${JSON.stringify(model)}, which is no name of Claude Code's`] : []),
  ];
}

function unsafeFields(values: Readonly<Record<string, unknown>>): string[] {
  return [...(values.permissionMode === "bypassPermissions" ? ["It asks to run without permission checks"] : [])];
}
