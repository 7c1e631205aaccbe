import type { SourceTree } from "../tree/source-tree.ts";
import type { PlacedFile } from "./component-content.ts";
import { ComponentRefusal } from "./component-refusal.ts";

export interface PluginPlace {
  readonly name: string;
  /** Its folder in the tree; empty for the tree itself. */
  readonly root: string;
}

const rootVariable = /\$\{CLAUDE_PLUGIN_ROOT\}|\$CLAUDE_PLUGIN_ROOT\b/g;
const maxPluginBytes = 64 * 1024 * 1024;

function folderOf(plugin: PluginPlace): string {
  return `.claude/plugins/${plugin.name}`;
}

/**
 * The plugin's own files, where something of it refers to them through `${CLAUDE_PLUGIN_ROOT}`; none otherwise. They go
 * to `.claude/plugins/NAME`.
 */
export async function pluginFiles(tree: SourceTree, plugin: PluginPlace, text: string): Promise<PlacedFile[]> {
  if (text.search(rootVariable) < 0) return [];
  const prefix = plugin.root === "" ? "" : `${plugin.root}/`;
  const inside = tree.files.filter((file) => file.path.startsWith(prefix));
  if (inside.reduce((sum, file) => sum + file.size, 0) > maxPluginBytes)
    throw new ComponentRefusal(`needs its whole plugin, which is larger than ${maxPluginBytes / 1024 / 1024} MiB`);
  const left = tree.refused.find((entry) => entry.path.startsWith(prefix));
  if (left !== undefined)
    throw new ComponentRefusal(`needs its whole plugin, which holds ${left.path}, and that ${left.reason}`);
  const files: PlacedFile[] = [];
  for (const file of inside)
    files.push({
      path: `${folderOf(plugin)}/${file.path.slice(prefix.length)}`,
      mode: file.mode,
      bytes: await tree.read(file.path),
    });
  return files;
}

/**
 * Every text in `value` with the plugin's place in the workspace instead of `${CLAUDE_PLUGIN_ROOT}`: for a `shell`
 * through `$CLAUDE_PROJECT_DIR`, as a relative `path` for an MCP server, which starts in the workspace.
 */
export function replacePluginRoot(value: unknown, plugin: PluginPlace, form: "shell" | "path"): unknown {
  const place = form === "shell" ? `$CLAUDE_PROJECT_DIR/${folderOf(plugin)}` : `./${folderOf(plugin)}`;
  if (typeof value === "string") return value.replace(rootVariable, () => place);
  if (Array.isArray(value)) return value.map((item) => replacePluginRoot(item, plugin, form));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replacePluginRoot(item, plugin, form)]));
}
