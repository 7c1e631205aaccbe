import type { ComponentKind } from "../component-kind.ts";
import { isJsonObject } from "../kinds/text/read-json-object.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import { badTreePath } from "../tree/tree-path.ts";
import type { CatalogEntry } from "./catalog-entry.ts";
import { type PluginManifest, pluginPath, readPluginManifest } from "./plugin-manifest.ts";

type Found = Omit<CatalogEntry, "description">;

interface Plugin {
  readonly name: string;
  readonly root: string;
}

/**
 * The components of one plugin: its standard directories, and what its manifest names beside them. `declared` is what
 * the marketplace says about it; with `strict: false` that is all there is.
 */
export async function pluginEntries(
  tree: SourceTree,
  plugin: Plugin,
  declared: PluginManifest = {},
  standard = true,
): Promise<Found[]> {
  const own = await readPluginManifest(tree, plugin.root);
  const manifests = [own, declared];
  const whole = { declared, standard };
  const path = inlinePath(plugin);
  const found: Found[] = [{ kind: "plugin", name: plugin.name, path, plugin, inline: JSON.stringify(whole) }];
  const textKinds = { command: "commands", agent: "agents" } as const;
  for (const [kind, field] of Object.entries(textKinds)) {
    const places = [...(standard ? [field] : []), ...manifests.flatMap((manifest) => pathList(manifest[field]))];
    found.push(...markdownEntries(tree, plugin, kind as ComponentKind, places));
  }
  const skillPlaces = [...(standard ? ["skills"] : []), ...manifests.flatMap((manifest) => pathList(manifest.skills))];
  found.push(...skillEntries(tree, plugin, skillPlaces));
  const hookPlaces = [...(standard ? ["hooks/hooks.json"] : []), ...manifests.flatMap(({ hooks }) => pathList(hooks))];
  found.push(...hookEntries(tree, plugin, hookPlaces, manifests));
  for (const manifest of manifests) {
    const servers = standard && manifest === own ? [".mcp.json"] : [];
    found.push(...(await serverEntries(tree, plugin, [...servers, ...pathList(manifest.mcpServers)], manifest)));
  }
  return uniqueByName(found);
}

function markdownEntries(tree: SourceTree, plugin: Plugin, kind: ComponentKind, places: readonly string[]): Found[] {
  return places.flatMap((place) => {
    const path = within(plugin, place);
    if (path === undefined) return [];
    const files = tree.files.filter((file) => file.path === path || file.path.startsWith(`${path}/`));
    return files.flatMap((file) => {
      const below = file.path === path ? file.path.slice(path.lastIndexOf("/") + 1) : file.path.slice(path.length + 1);
      const name = /^(.+)\.md$/.exec(below)?.[1];
      if (name === undefined || /(^|\/)README$/i.test(name)) return [];
      return [{ kind, name: `${plugin.name}/${name}`, path: file.path, plugin }];
    });
  });
}

/** A place is a directory of skills, or a skill's own directory. */
function skillEntries(tree: SourceTree, plugin: Plugin, places: readonly string[]): Found[] {
  return places.flatMap((place) => {
    const path = within(plugin, place);
    if (path === undefined) return [];
    return tree.files.flatMap((file) => {
      const directory = file.path.slice(0, -"/SKILL.md".length);
      if (!file.path.endsWith("/SKILL.md") || !(directory === path || directory.startsWith(`${path}/`))) return [];
      return [{ kind: "skill" as const, name: `${plugin.name}/${baseOf(directory)}`, path: file.path, plugin }];
    });
  });
}

/** The first is called `hooks`; of what manifests hold themselves, the plugin's own counts. */
function hookEntries(
  tree: SourceTree,
  plugin: Plugin,
  places: readonly string[],
  manifests: readonly PluginManifest[],
): Found[] {
  const files = [...new Set(places.flatMap((place) => existing(tree, within(plugin, place))))];
  const entries: Found[] = files.map((path, index) => ({
    kind: "hook",
    name: `${plugin.name}/${index === 0 ? "hooks" : baseOf(path).replace(/\.json$/, "")}`,
    path,
    plugin,
  }));
  const declared = manifests.map(({ hooks }) => hooks).find(isJsonObject);
  if (declared === undefined) return entries;
  const inline = JSON.stringify("hooks" in declared ? declared : { hooks: declared });
  const name = `${plugin.name}/${entries.length === 0 ? "hooks" : "plugin-hooks"}`;
  return [...entries, { kind: "hook", name, path: inlinePath(plugin), plugin, inline }];
}

async function serverEntries(
  tree: SourceTree,
  plugin: Plugin,
  places: readonly string[],
  manifest: PluginManifest,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const path of places.flatMap((place) => existing(tree, within(plugin, place)))) {
    const servers = serverNames((await tree.read(path)).toString("utf8"));
    // What cannot be read is listed by its file's name, and refused with the reason when it is asked for.
    if (servers.length === 0) found.push({ kind: "mcp", name: `${plugin.name}/${baseOf(path)}`, path, plugin });
    for (const server of servers) found.push({ kind: "mcp", name: serverName(plugin, server), path, plugin, server });
  }
  if (isJsonObject(manifest.mcpServers)) {
    const inline = JSON.stringify({ mcpServers: manifest.mcpServers });
    for (const server of Object.keys(manifest.mcpServers))
      found.push({ kind: "mcp", name: serverName(plugin, server), path: inlinePath(plugin), plugin, server, inline });
  }
  return found;
}

function serverNames(text: string): string[] {
  try {
    const json: unknown = JSON.parse(text);
    const servers = isJsonObject(json) ? (json.mcpServers ?? json) : {};
    return isJsonObject(servers) ? Object.keys(servers) : [];
  } catch {
    // Listed as one entry, which is refused as no JSON.
    return [];
  }
}

/** Names of servers are free text; a slash or comma in one would read as something else. */
function serverName(plugin: Plugin, server: string): string {
  return `${plugin.name}/${server.replace(/[/,\s:]+/g, "-")}`;
}

function pathList(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A path of a manifest within the source; `undefined` when it leaves it. */
function within(plugin: Plugin, place: string): string | undefined {
  const relative = place.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  const path = [plugin.root, relative].filter((part) => part !== "").join("/");
  return badTreePath(path) === undefined ? path : undefined;
}

function existing(tree: SourceTree, path: string | undefined): string[] {
  return path !== undefined && tree.files.some((file) => file.path === path) ? [path] : [];
}

function inlinePath(plugin: Plugin): string {
  return plugin.root === "" ? pluginPath : `${plugin.root}/${pluginPath}`;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function uniqueByName(found: readonly Found[]): Found[] {
  return [...new Map(found.map((entry) => [`${entry.kind} ${entry.name}`, entry])).values()];
}
