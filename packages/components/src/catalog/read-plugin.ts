import { isDeepStrictEqual } from "node:util";
import type { ComponentContent, ExpectedComponents, PlacedFile } from "../kinds/component-content.ts";
import { ComponentRefusal } from "../kinds/component-refusal.ts";
import { directoryFiles } from "../kinds/directory-files.ts";
import { emptyContent } from "../kinds/empty-content.ts";
import { maxPluginBytes, type PluginPlace, pluginDirectory } from "../kinds/plugin/plugin-files.ts";
import { readComponent } from "../kinds/read-component.ts";
import { isJsonObject } from "../kinds/text/read-json-object.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import { baseName } from "./base-name.ts";
import type { CatalogEntry } from "./catalog-entry.ts";
import { pluginEntries } from "./plugin-entries.ts";
import { manifestWithHooks, placePluginHooks } from "./plugin-hooks.ts";
import { type PluginManifest, pluginPath, readPluginManifest } from "./plugin-manifest.ts";

type Part = Omit<CatalogEntry, "description">;

/** What a marketplace says about a plugin, and whether its standard directories count too. */
interface Declared {
  readonly declared: PluginManifest;
  readonly standard: boolean;
}

/**
 * A whole plugin: its directory, which Claude Code is started with, so that its parts keep their names, their root,
 * their hooks, servers and workflows. Every part that can be read is: for what it asks for, and for repairs.
 */
export async function readPlugin(tree: SourceTree, plugin: PluginPlace, inline = "{}"): Promise<ComponentContent> {
  const { declared = {}, standard = true } = JSON.parse(inline) as Partial<Declared>;
  const prefix = plugin.root === "" ? "" : `${plugin.root}/`;
  const size = tree.files.filter(({ path }) => path.startsWith(prefix)).reduce((sum, file) => sum + file.size, 0);
  if (size > maxPluginBytes) throw new ComponentRefusal(`is larger than ${maxPluginBytes / 1024 / 1024} MiB`);
  const parts = (await pluginEntries(tree, plugin, declared, standard)).filter(({ kind }) => kind !== "plugin");
  const own = await readPluginManifest(tree, plugin.root);
  const name = own.name ?? plugin.name;
  const directory = pluginDirectory(plugin);
  const all = await directoryFiles(tree, prefix, directory);
  const files = new Map(all.files.map((file) => [file.path, file]));
  const kept = parts.map(({ path }) => `${directory}/${path.slice(prefix.length)}`);
  if (!standard) for (const path of files.keys()) if (isUndeclared(path, directory, kept)) files.delete(path);
  const read: PartContent[] = [];
  const warnings = [...all.warnings];
  for (const part of parts) {
    try {
      const content = await readPart(tree, part, plugin);
      read.push({ part, content });
      warnings.push(...content.warnings.map((warning) => `Its ${part.kind} ${part.name}: ${warning}`));
      repair(files, content, `${directory}/${part.path.slice(prefix.length)}`);
      if (part.kind === "hook" && part.inline === undefined)
        placePluginHooks(files, `${directory}/${part.path.slice(prefix.length)}`);
    } catch (error) {
      if (!(error instanceof ComponentRefusal)) throw error;
      // What blocks every call, or starts nothing, must not come in with the rest.
      if (part.kind === "hook" || part.kind === "mcp")
        throw new ComponentRefusal(`holds a ${part.kind} that ${error.reason}`);
      warnings.push(`Its ${part.kind} ${part.name} is not loaded: it ${error.reason}`);
    }
  }
  placeManifest(files, directory, own, { ...declared, name });
  const join = <T>(pick: (content: ComponentContent) => readonly T[]): T[] =>
    read.flatMap(({ content }) => pick(content));
  return {
    ...emptyContent,
    description: declared.description ?? own.description ?? "",
    files: [...files.values()],
    plugins: [directory],
    expected: expectedOf(name, read),
    tools: [...new Set(join(({ tools }) => tools))],
    hosts: [...new Set(join(({ hosts }) => hosts))],
    serverHosts: [...new Set(join(({ serverHosts }) => serverHosts))],
    commands: join(({ commands }) => commands),
    programs: join(({ programs }) => programs),
    obstacles: [...new Set(join(({ obstacles }) => obstacles))],
    variables: join(({ variables }) => variables),
    serverVariables: join(({ serverVariables }) => serverVariables),
    warnings,
  };
}

interface PartContent {
  readonly part: Part;
  readonly content: ComponentContent;
}

async function readPart(tree: SourceTree, part: Part, plugin: PluginPlace): Promise<ComponentContent> {
  const { kind, path, inline, server } = part;
  if (kind === "plugin") throw new ComponentRefusal("is a plugin in a plugin");
  const read = async (wanted: string): Promise<Buffer> =>
    inline !== undefined && wanted === path ? Buffer.from(inline) : tree.read(wanted);
  const input = { tree: { ...tree, read }, kind, path, baseName: baseName(part.name), plugin, isWhole: true } as const;
  return readComponent(server === undefined ? input : { ...input, server });
}

/** Agents, commands and skills that had to be rewritten are so here too. */
function repair(files: Map<string, PlacedFile>, content: ComponentContent, path: string): void {
  const before = files.get(path);
  const after = content.files.find((file) => baseName(file.path) === baseName(path)) ?? content.files[0];
  if (before !== undefined && after !== undefined && path.endsWith(".md"))
    files.set(path, { ...before, bytes: after.bytes });
}

/**
 * Standard directories that a marketplace does not name are not the plugin's, where it says that it names everything.
 */
function isUndeclared(path: string, directory: string, kept: readonly string[]): boolean {
  const [first = ""] = path.slice(directory.length + 1).split("/");
  if (!["agents", "commands", "skills", "hooks"].includes(first)) return false;
  return !kept.some((part) => path === part || path.startsWith(`${part.slice(0, part.lastIndexOf("/"))}/`));
}

/** Claude Code reads what a marketplace says about a plugin only from the plugin's own manifest. */
function placeManifest(
  files: Map<string, PlacedFile>,
  directory: string,
  own: PluginManifest,
  declared: PluginManifest,
): void {
  const path = `${directory}/${pluginPath}`;
  const fields = Object.entries(declared).filter(([key]) => !["source", "strict"].includes(key));
  const before = files.get(path);
  const json: unknown =
    before === undefined
      ? {}
      : JSON.parse(
          Buffer.from(before.bytes)
            .toString("utf8")
            .replace(/^\ufeff/, ""),
        );
  if (!isJsonObject(json)) throw new ComponentRefusal(`has a ${pluginPath} that is no object`);
  const merged = manifestWithHooks({ ...Object.fromEntries(fields), ...json, name: own.name ?? declared.name });
  if (!isDeepStrictEqual(merged, json))
    files.set(path, { path, mode: 0o644, bytes: Buffer.from(`${JSON.stringify(merged, undefined, 2)}\n`) });
}

/** As Claude Code 2.1.328 calls them: `plugin:directory:name`, and `plugin:name:server`. */
function expectedOf(plugin: string, read: readonly PartContent[]): ExpectedComponents {
  const descriptions: Record<string, string> = {};
  const lists = {
    agents: [] as string[],
    commands: [] as string[],
    skills: [] as string[],
    mcpServers: [] as string[],
  };
  for (const { part, content } of read) {
    const { agents, commands, skills, mcpServers, descriptions: own } = content.expected;
    const [description] = Object.values(own);
    const directories = part.name.split("/").slice(1, -1);
    const add = (list: string[], kind: string, ...names: readonly string[]): void => {
      const name = [plugin, ...names].join(":");
      list.push(name);
      if (description !== undefined) descriptions[`${kind} ${name}`] = description;
    };
    for (const agent of agents) add(lists.agents, "agent", ...directories, agent);
    for (const command of commands)
      add(lists.commands, "command", ...(part.kind === "command" ? directories : []), command);
    for (const skill of skills) add(lists.skills, "skill", skill);
    lists.mcpServers.push(...mcpServers.map((server) => `plugin:${plugin}:${server}`));
  }
  return { ...lists, descriptions };
}
