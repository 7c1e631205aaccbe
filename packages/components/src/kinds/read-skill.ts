import type { ComponentContent, ExpectedComponents, PlacedFile } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { ComponentRefusal } from "./component-refusal.ts";
import { emptyContent } from "./empty-content.ts";
import { readFrontMatter, repairFrontMatter } from "./front-matter.ts";
import { checkToolsAndModel } from "./read-agent.ts";
import { readText } from "./read-text.ts";
import { toolList } from "./tool-list.ts";

/** Claude Code 2.1 passes over a larger one. */
const maxSkillBytes = 1_000_000;

/** A skill: its folder with every file. Claude Code calls it by the folder's name, whatever its front matter says. */
export async function readSkill(input: ComponentInput): Promise<ComponentContent> {
  const folder = input.path.slice(0, -"SKILL.md".length);
  const left = input.tree.refused.find((entry) => entry.path.startsWith(folder));
  if (left !== undefined) throw new ComponentRefusal(`holds ${left.path.slice(folder.length)}, which ${left.reason}`);
  const main = await input.tree.read(input.path);
  if (main.length > maxSkillBytes)
    throw new ComponentRefusal(`has a SKILL.md of ${main.length} bytes; Claude Code reads up to ${maxSkillBytes}`);
  const front = readFrontMatter(readText(main));
  const repaired = repairFrontMatter(main, front);
  const values = front?.values ?? {};
  const files: PlacedFile[] = [];
  for (const file of input.tree.files) {
    if (!file.path.startsWith(folder)) continue;
    const path = `.claude/skills/${input.baseName}/${file.path.slice(folder.length)}`;
    const bytes = file.path === input.path ? repaired.bytes : await input.tree.read(file.path);
    files.push({ path, mode: file.mode, bytes });
  }
  const tools = toolList(values["allowed-tools"]);
  const executables = files.filter((file) => file.mode === 0o755);
  return {
    ...emptyContent,
    description: typeof values.description === "string" ? values.description : "",
    files,
    expected: expectedOf(input.baseName, values),
    tools,
    warnings: [
      ...repaired.warnings,
      ...checkToolsAndModel(tools, values.model),
      ...(executables.length === 0 ? [] : [`It brings programs: ${names(executables)}`]),
    ],
  };
}

/** As tried with Claude Code 2.1: without a description it is only a slash command. */
function expectedOf(name: string, values: Readonly<Record<string, unknown>>): ExpectedComponents {
  if (values["user-invocable"] === false || values["user-invocable"] === "false") return emptyContent.expected;
  const described = [values.description, values.when_to_use].some(isDescription);
  return described ? { ...emptyContent.expected, skills: [name] } : { ...emptyContent.expected, commands: [name] };
}

/** Lists and tables do not count for Claude Code. */
function isDescription(value: unknown): boolean {
  return typeof value === "string" ? value.trim() !== "" : typeof value === "number" || typeof value === "boolean";
}

function names(files: readonly PlacedFile[]): string {
  const shown = files.slice(0, 5).map((file) => file.path.split("/").slice(3).join("/"));
  return shown.join(", ") + (files.length > 5 ? ` and ${files.length - 5} more` : "");
}
