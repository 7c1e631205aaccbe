import type { ComponentContent } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { emptyContent } from "./empty-content.ts";
import { readFrontMatter, repairFrontMatter } from "./front-matter.ts";
import { checkToolsAndModel } from "./read-agent.ts";
import { readText } from "./read-text.ts";
import { toolList } from "./tool-list.ts";

/** A slash command. Its name is its file's; front matter is optional. */
export async function readCommand(input: ComponentInput): Promise<ComponentContent> {
  const bytes = await input.tree.read(input.path);
  const text = readText(bytes);
  const front = readFrontMatter(text);
  const repaired = repairFrontMatter(bytes, front);
  const values = front?.values ?? {};
  const tools = toolList(values["allowed-tools"]);
  const commands = [...text.matchAll(/!`([^`\n]+)`/g)].map((match) => match[1] ?? "");
  return {
    ...emptyContent,
    description: typeof values.description === "string" ? values.description : firstSentence(front?.body ?? text),
    files: [{ path: `.claude/commands/${input.baseName}.md`, mode: 0o644, bytes: repaired.bytes }],
    expected: { ...emptyContent.expected, commands: [input.baseName.replaceAll("/", ":")] },
    tools,
    commands,
    warnings: [
      ...repaired.warnings,
      ...checkToolsAndModel(tools, values.model),
      ...(commands.length === 0
        ? []
        : [`It runs shell commands when it is called: ${commands.slice(0, 3).join("; ")}`]),
    ],
  };
}

function firstSentence(body: string): string {
  const line = body.split("\n").find((text) => text.trim() !== "" && !text.startsWith("---")) ?? "";
  return line.replace(/^#+\s*/, "").trim();
}
