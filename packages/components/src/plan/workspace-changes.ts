import { isDeepStrictEqual } from "node:util";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { ComponentContent, PlacedFile } from "../kinds/component-content.ts";
import { isJsonObject, type JsonObject, readJsonObject } from "../kinds/text/read-json-object.ts";
import { type MergeNotes, mergeSettings } from "./merge-settings.ts";
import type { WorkspaceReader } from "./workspace-reader.ts";

const settingsPath = ".claude/settings.local.json";
const serversPath = ".mcp.json";

/** What the components together do to a workspace, on top of what it has. The later of two stands; conflicts are noted. */
export class WorkspaceChanges {
  readonly #existing: WorkspaceReader;
  readonly #files = new Map<string, { readonly file: PlacedFile; readonly owner: string }>();
  readonly #notes: MergeNotes = { owners: new Map(), conflicts: [] };
  #settings: JsonObject | undefined;
  #servers: JsonObject | undefined;

  constructor(existing: WorkspaceReader) {
    this.#existing = existing;
  }

  get conflicts(): readonly string[] {
    return this.#notes.conflicts;
  }

  /** Whether the workspace will have a file there. */
  async has(path: string): Promise<boolean> {
    return this.#files.has(path) || (await this.#existing.read(path)) !== undefined;
  }

  /** The MCP servers that the workspace will have. */
  async servers(): Promise<readonly string[]> {
    const { mcpServers } = this.#servers ?? (await this.#readJson(serversPath));
    return isJsonObject(mcpServers) ? Object.keys(mcpServers) : [];
  }

  async add(content: ComponentContent, owner: string): Promise<void> {
    for (const file of content.files) await this.#addFile(file, owner);
    if (Object.keys(content.settings).length > 0) await this.#addSettings(content.settings, owner);
    const servers = Object.entries(content.mcpServers);
    for (const [name, server] of servers) await this.#addServer(name, server, owner);
    if (servers.length > 0)
      await this.#enableServers(
        servers.map(([name]) => name),
        owner,
      );
  }

  async #addFile(file: PlacedFile, owner: string): Promise<void> {
    const before = this.#files.get(file.path);
    const bytes = before?.file.bytes ?? (await this.#existing.read(file.path));
    if (bytes !== undefined && Buffer.compare(bytes, file.bytes) !== 0)
      this.#notes.conflicts.push(
        `${file.path} has other content in ${before?.owner ?? "the workspace"} than in ${owner}`,
      );
    this.#files.set(file.path, { file, owner });
  }

  async #addSettings(settings: JsonObject, owner: string): Promise<void> {
    this.#settings ??= await this.#readJson(settingsPath);
    this.#settings = mergeSettings(this.#settings, settings, owner, this.#notes);
  }

  async #addServer(name: string, server: JsonObject, owner: string): Promise<void> {
    this.#servers ??= await this.#readJson(serversPath);
    const { mcpServers } = this.#servers;
    const servers = isJsonObject(mcpServers) ? mcpServers : {};
    const key = `MCP server ${JSON.stringify(name)}`;
    const before = Object.hasOwn(servers, name) ? servers[name] : undefined;
    if (before !== undefined && !isDeepStrictEqual(before, server))
      this.#notes.conflicts.push(
        `${key} is described differently by ${this.#notes.owners.get(key) ?? "the workspace"} and ${owner}`,
      );
    this.#notes.owners.set(key, owner);
    this.#servers = { ...this.#servers, mcpServers: { ...servers, [name]: server } };
  }

  /** Without this, Claude Code would ask a user before it starts a project's server. */
  async #enableServers(names: readonly string[], owner: string): Promise<void> {
    await this.#addSettings({ enabledMcpjsonServers: names }, owner);
    const disabled = this.#settings?.disabledMcpjsonServers;
    if (!Array.isArray(disabled) || !names.some((name) => disabled.includes(name))) return;
    this.#notes.conflicts.push(`disabledMcpjsonServers turns off what ${owner} brings: ${names.join(", ")}`);
    const others = disabled.filter((name) => !names.includes(String(name)));
    this.#settings = { ...this.#settings, disabledMcpjsonServers: others };
  }

  async #readJson(path: string): Promise<JsonObject> {
    const bytes = await this.#existing.read(path);
    if (bytes === undefined) return {};
    try {
      return readJsonObject(bytes);
    } catch (cause) {
      throw new InvalidOptionsError(
        `The workspace's own ${path} ${(cause as { reason?: string }).reason ?? ""}`.trim(),
        {
          cause,
          hint: "Correct it or move it away: components are merged into it.",
        },
      );
    }
  }

  /** Every file to write, merged ones as a whole, in the order of their paths. */
  files(): PlacedFile[] {
    const merged = [
      { path: settingsPath, json: this.#settings },
      { path: serversPath, json: this.#servers },
    ].flatMap(({ path, json }) => (json === undefined ? [] : [jsonFile(path, json)]));
    const files = [...[...this.#files.values()].map(({ file }) => file), ...merged];
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

function jsonFile(path: string, json: JsonObject): PlacedFile {
  return { path, mode: 0o644, bytes: Buffer.from(`${JSON.stringify(json, undefined, 2)}\n`) };
}
