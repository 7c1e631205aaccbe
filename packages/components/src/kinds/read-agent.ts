import type { ComponentContent } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { ComponentRefusal } from "./component-refusal.ts";
import { emptyContent } from "./empty-content.ts";
import { type FrontMatter, readFrontMatter, writeFrontMatter } from "./front-matter.ts";
import { readText } from "./read-text.ts";
import { isKnownModel, toolList, unknownTools } from "./tool-list.ts";

/**
 * An agent. Claude Code loads it when its front matter is YAML with a name and a description, and passes over it in
 * silence otherwise; what a person would read all the same is written in plain YAML, with a warning.
 */
export async function readAgent(input: ComponentInput): Promise<ComponentContent> {
  const bytes = await input.tree.read(input.path);
  const text = readText(bytes);
  const front = readFrontMatter(text);
  if (front === undefined)
    throw new ComponentRefusal(
      "has no front matter with a name and a description, which Claude Code needs of an agent",
    );
  const repairs: string[] = [];
  if (front.problem !== undefined) repairs.push(`its front matter is not YAML (${front.problem})`);
  const name = agentName(front, input.baseName, repairs);
  const description = agentDescription(front, repairs);
  const tools = toolList(front.values.tools);
  const warnings = [
    ...repairs.map((repair) => `Its front matter is written anew, so that Claude Code reads it: ${repair}`),
    ...checkToolsAndModel(tools, front.values.model),
    ...unsafeFields(front.values),
  ];
  const repaired = writeFrontMatter({ ...front.values, name, description }, front.body);
  return {
    ...emptyContent,
    description,
    files: [
      {
        path: `.claude/agents/${input.baseName}.md`,
        mode: 0o644,
        bytes: repairs.length === 0 ? bytes : Buffer.from(repaired),
      },
    ],
    expected: { ...emptyContent.expected, agents: [name] },
    tools,
    warnings,
  };
}

function agentName(front: FrontMatter, baseName: string, repairs: string[]): string {
  const given = front.values.name;
  let name = baseName;
  if (typeof given === "string" && given.trim() !== "") name = given;
  else if (typeof given === "number") {
    name = String(given);
    repairs.push("its name is a number");
  } else repairs.push(`it has no name, so it is called ${baseName}`);
  if (name.startsWith("-") || name.length > 256 || name.normalize("NFKC").includes(":"))
    throw new ComponentRefusal(
      `is called ${JSON.stringify(name.slice(0, 80))}: Claude Code takes no name that begins with "-", holds ":" or is over 256 characters`,
    );
  return name;
}

function agentDescription(front: FrontMatter, repairs: string[]): string {
  const given = front.values.description;
  if (typeof given === "string" && given !== "") return given;
  if (given === undefined || given === null || given === "")
    throw new ComponentRefusal("has no description in its front matter, which Claude Code needs of an agent");
  repairs.push("its description is not a text");
  return Array.isArray(given) ? given.join(", ") : typeof given === "object" ? JSON.stringify(given) : String(given);
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
  return [
    ...(values.hooks === undefined ? [] : ["It brings hooks of its own, which run shell commands"]),
    ...(values.permissionMode === "bypassPermissions" ? ["It asks to run without permission checks"] : []),
  ];
}
