import { baseName } from "../catalog/base-name.ts";
import type { ComponentContent, ExpectedComponents, PlacedFile } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { ComponentRefusal } from "./component-refusal.ts";
import { directoryFiles } from "./directory-files.ts";
import { emptyContent } from "./empty-content.ts";
import { type FrontMatter, readFrontMatter, repairFrontMatter } from "./front-matter/front-matter.ts";
import { toolList } from "./front-matter/tool-list.ts";
import { markdownHooks } from "./hooks/markdown-hooks.ts";
import { checkToolsAndModel } from "./read-agent.ts";
import { markdownShell } from "./shell/markdown-shell.ts";
import { programObstacles } from "./shell/program-obstacles.ts";
import { readText } from "./text/read-text.ts";

/** Claude Code 2.1 passes over a larger one. */
const maxSkillBytes = 1_000_000;

/**
 * A skill: its directory with every file. Claude Code calls it by the directory's name, whatever its front matter says.
 */
export async function readSkill(input: ComponentInput): Promise<ComponentContent> {
  const mainName = baseName(input.path);
  const directory = input.path.slice(0, -mainName.length);
  const main = await input.tree.read(input.path);
  if (main.length > maxSkillBytes)
    throw new ComponentRefusal(`has a SKILL.md of ${main.length} bytes; Claude Code reads up to ${maxSkillBytes}`);
  const text = readText(main);
  const front = readFrontMatter(text);
  const { calledName } = input;
  const values = front?.values ?? {};
  const place = `.claude/skills/${input.baseName}`;
  const all = await directoryFiles(input.tree, directory, place);
  const hooks = markdownHooks(front, all.files, `skill ${input.baseName}`);
  const repaired = repairFrontMatter(main, calledName === undefined ? hooks.front : withName(hooks.front, calledName));
  const files = all.files.map((file) =>
    file.path === `${place}/${mainName}`
      ? { ...file, path: `${place}/SKILL.md`, mode: 0o644, bytes: repaired.bytes }
      : file,
  );
  const shell = markdownShell(text, values);
  const tools = toolList(values["allowed-tools"]);
  const executables = files.filter((file) => file.mode === 0o755);
  return {
    ...emptyContent,
    description: typeof values.description === "string" ? values.description : "",
    files,
    ...(typeof values.name === "string" ? { ownName: calledName ?? values.name } : {}),
    expected: expectedOf(input.baseName, values),
    tools,
    commands: shell.commands,
    programs: hooks.programs,
    missingScripts: hooks.missingScripts,
    obstacles: programObstacles(hooks.programs),
    warnings: [
      ...(mainName === "SKILL.md" ? [] : [`Its ${mainName} is installed as SKILL.md: Claude Code reads no other name`]),
      ...all.warnings,
      ...repaired.warnings,
      ...checkToolsAndModel(tools, values.model),
      ...shell.warnings,
      ...hooks.warnings,
      ...(executables.length === 0 ? [] : [`It brings programs: ${names(executables)}`]),
    ],
  };
}

function withName(front: FrontMatter | undefined, name: string): FrontMatter | undefined {
  return front && { ...front, values: { ...front.values, name }, problem: "its name is another's too" };
}

/** As tried with Claude Code 2.1: without a description it is only a slash command. */
function expectedOf(name: string, values: Readonly<Record<string, unknown>>): ExpectedComponents {
  if (values["user-invocable"] === false || values["user-invocable"] === "false") return emptyContent.expected;
  const described = [values.description, values.when_to_use].some(isDescription);
  const { description } = values;
  const descriptions: Record<string, string> =
    typeof description === "string" ? { [`skill ${name}`]: description } : {};
  return described
    ? { ...emptyContent.expected, skills: [name], descriptions }
    : { ...emptyContent.expected, commands: [name] };
}

/** Lists and tables do not count for Claude Code. */
function isDescription(value: unknown): boolean {
  return typeof value === "string" ? value.trim() !== "" : typeof value === "number" || typeof value === "boolean";
}

function names(files: readonly PlacedFile[]): string {
  const shown = files.slice(0, 5).map((file) => file.path.split("/").slice(3).join("/"));
  return shown.join(", ") + (files.length > 5 ? ` and ${files.length - 5} more` : "");
}
