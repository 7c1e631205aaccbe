import type { ComponentContent, PlacedFile } from "../component-content.ts";
import type { ComponentInput } from "../component-input.ts";
import { pluginFiles, replacePluginRoot } from "./plugin-files.ts";

const asText = /\.(md|markdown|txt|json|ya?ml)$/i;

/**
 * An agent, a command or a skill that is taken out of its plugin alone: where it refers to the plugin's files, they come
 * with it and its own text leads there; what it calls by the plugin's name is only there with the whole.
 */
export async function pluginPart(input: ComponentInput, content: ComponentContent): Promise<ComponentContent> {
  const { plugin } = input;
  if (plugin === undefined || input.isWhole) return content;
  const texts = content.files.filter(({ path }) => asText.test(path));
  const all = texts.map(({ bytes }) => Buffer.from(bytes).toString("utf8")).join("\n");
  const brought = await pluginFiles(input.tree, plugin, all);
  const references = new Set(
    all.match(new RegExp(`(?<![\\w:/.-])${escapeRegExp(plugin.name)}:[a-z][\\w-]*`, "g")) ?? [],
  );
  const whole = `add the whole plugin ${plugin.name} to get all of its parts`;
  return {
    ...content,
    files: [
      ...content.files.map((file) => (brought.length === 0 ? file : replaceRoot(file, texts, plugin))),
      ...brought,
    ],
    warnings: [
      ...content.warnings,
      ...(brought.length === 0 ? [] : [`It needs files of its plugin, which come with it; ${whole}`]),
      ...(references.size === 0
        ? []
        : [`It refers to ${[...references].slice(0, 5).join(", ")}, which are not there by these names; ${whole}`]),
    ],
  };
}

function replaceRoot(
  file: PlacedFile,
  texts: readonly PlacedFile[],
  plugin: NonNullable<ComponentInput["plugin"]>,
): PlacedFile {
  if (!texts.includes(file)) return file;
  const original = Buffer.from(file.bytes).toString("utf8");
  // A hook runs where the agent stands; Claude Code reads the rest from the workspace.
  const front = /^\ufeff?---[^\S\n]*\n[\s\S]*?\n---/.exec(original)?.[0] ?? "";
  const hooks = front.replace(/^.*\bcommand:.*$/gm, (line) => String(replacePluginRoot(line, plugin, "shell")));
  const text = replacePluginRoot(hooks + original.slice(front.length), plugin, "path");
  return { ...file, bytes: Buffer.from(String(text)) };
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
