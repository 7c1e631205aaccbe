import type { SourceTree } from "../../tree/source-tree.ts";
import type { PlacedFile } from "../component-content.ts";
import { ComponentRefusal } from "../component-refusal.ts";
import { directoryFiles } from "../directory-files.ts";

export interface PluginPlace {
  readonly name: string;
  /** Its directory in the tree; empty for the tree itself. */
  readonly root: string;
}

const rootVariable = /\$\{CLAUDE_PLUGIN_ROOT\}|\$CLAUDE_PLUGIN_ROOT\b/g;
export const maxPluginBytes = 64 * 1024 * 1024;

/** Where a plugin is in the workspace. */
export function pluginDirectory(plugin: PluginPlace): string {
  return `.claude/plugins/${plugin.name}`;
}

/**
 * The plugin's own files, where something of it refers to them through `${CLAUDE_PLUGIN_ROOT}`; none otherwise. They go
 * to `.claude/plugins/NAME`.
 */
export async function pluginFiles(tree: SourceTree, plugin: PluginPlace, text: string): Promise<readonly PlacedFile[]> {
  if (!refersToPluginRoot(text)) return [];
  const prefix = plugin.root === "" ? "" : `${plugin.root}/`;
  const inside = tree.files.filter((file) => file.path.startsWith(prefix));
  if (inside.reduce((sum, file) => sum + file.size, 0) > maxPluginBytes)
    throw new ComponentRefusal(`needs its whole plugin, which is larger than ${maxPluginBytes / 1024 / 1024} MiB`);
  return (await directoryFiles(tree, prefix, pluginDirectory(plugin))).files;
}

const rooted = /(?:\$\{CLAUDE_PLUGIN_ROOT\}|\$CLAUDE_PLUGIN_ROOT\b)["']?\/([\w./-]+)/g;

/** The plugin's files that commands name behind its root. */
export async function pluginScripts(
  tree: SourceTree,
  plugin: PluginPlace,
  commands: readonly string[],
): Promise<readonly PlacedFile[]> {
  const paths = commands.flatMap((command) => [...command.matchAll(rooted)].map(([, path = ""]) => path));
  const named = new Set(paths.map((path) => [plugin.root, path.replace(/^(\.?\/)+/, "")].filter(Boolean).join("/")));
  const files = tree.files.filter(({ path }) => named.has(path));
  return await Promise.all(files.map(async ({ path, mode }) => ({ path, mode, bytes: await tree.read(path) })));
}

export function refersToPluginRoot(value: unknown): boolean {
  return JSON.stringify(value).search(rootVariable) >= 0;
}

/**
 * Every text in `value` with the plugin's place in the workspace instead of `${CLAUDE_PLUGIN_ROOT}`: for a `shell`
 * through `$CLAUDE_PROJECT_DIR`, as a relative `path` for an MCP server, which starts in the workspace.
 */
export function replacePluginRoot(value: unknown, plugin: PluginPlace, form: "shell" | "path"): unknown {
  const place = form === "shell" ? `$CLAUDE_PROJECT_DIR/${pluginDirectory(plugin)}` : `./${pluginDirectory(plugin)}`;
  if (typeof value === "string") return value.replace(rootVariable, () => place);
  if (Array.isArray(value)) return value.map((item) => replacePluginRoot(item, plugin, form));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replacePluginRoot(item, plugin, form)]));
}
