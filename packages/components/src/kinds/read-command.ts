import type { ComponentContent } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { emptyContent } from "./empty-content.ts";
import { readFrontMatter, repairFrontMatter } from "./front-matter/front-matter.ts";
import { toolList } from "./front-matter/tool-list.ts";
import { markdownHooks } from "./hooks/markdown-hooks.ts";
import { checkToolsAndModel } from "./read-agent.ts";
import { markdownShell } from "./shell/markdown-shell.ts";
import { programObstacles } from "./shell/program-obstacles.ts";
import { readText } from "./text/read-text.ts";

/** A slash command. Its name is its file's; front matter is optional. */
export async function readCommand(input: ComponentInput): Promise<ComponentContent> {
  const bytes = await input.tree.read(input.path);
  const text = readText(bytes);
  const front = readFrontMatter(text);
  const hooks = markdownHooks(front, [], `command ${input.baseName}`);
  const repaired = repairFrontMatter(bytes, hooks.front);
  const values = front?.values ?? {};
  const tools = toolList(values["allowed-tools"]);
  const shell = markdownShell(text, values);
  const name = input.baseName.replaceAll("/", ":");
  const described = typeof values.description === "string" ? { [`command ${name}`]: values.description } : {};
  return {
    ...emptyContent,
    description: typeof values.description === "string" ? values.description : firstSentence(front?.body ?? text),
    files: [{ path: `.claude/commands/${input.baseName}.md`, mode: 0o644, bytes: repaired.bytes }],
    expected: { ...emptyContent.expected, commands: [name], descriptions: described },
    tools,
    commands: shell.commands,
    programs: hooks.programs,
    missingScripts: hooks.missingScripts,
    obstacles: programObstacles(hooks.programs),
    warnings: [...repaired.warnings, ...checkToolsAndModel(tools, values.model), ...shell.warnings, ...hooks.warnings],
  };
}

function firstSentence(body: string): string {
  const line = body.split("\n").find((text) => text.trim() !== "" && !text.startsWith("---")) ?? "";
  return line.replace(/^#+\s*/, "").trim();
}
