import type { ComponentContent, ComponentProgram, ComponentVariable } from "../component-content.ts";
import type { ComponentInput } from "../component-input.ts";
import { ComponentRefusal } from "../component-refusal.ts";
import { emptyContent } from "../empty-content.ts";
import {
  type PluginPlace,
  pluginDirectory,
  pluginFiles,
  refersToPluginRoot,
  replacePluginRoot,
} from "../plugin/plugin-files.ts";
import { programObstacles } from "../shell/program-obstacles.ts";
import { startsByFetching } from "../shell/starts-by-fetching.ts";
import { isJsonObject, type JsonObject, readJsonObject } from "../text/read-json-object.ts";
import { parseMcpServer } from "./mcp-server.ts";
import { mcpVariables } from "./mcp-variables.ts";
import { isOwnAddress } from "./own-address.ts";
import { hostsIn } from "./urls-in.ts";

/** Claude Code sets them itself. */
const ownVariables: ReadonlySet<string> = new Set(["CLAUDE_PLUGIN_ROOT", "CLAUDE_PLUGIN_DATA", "CLAUDE_PROJECT_DIR"]);

/** MCP servers, for `.mcp.json`. */
export async function readMcp(input: ComponentInput): Promise<ComponentContent> {
  const json = readJsonObject(await input.tree.read(input.path));
  // Plugins may write the servers without the name around them.
  const servers = json.mcpServers ?? (input.plugin === undefined ? undefined : json);
  if (!isJsonObject(servers)) throw new ComponentRefusal('has no "mcpServers", so it describes no MCP server');
  const entries = Object.entries(servers).filter(([name]) => input.server === undefined || name === input.server);
  if (entries.length === 0) throw new ComponentRefusal("names no MCP server");
  // A whole plugin keeps its places, and Claude Code knows its root.
  const part = input.isWhole ? undefined : input.plugin;
  const warnings: string[] = [];
  const variables: ComponentVariable[] = [];
  const commands: string[] = [];
  const programs: ComponentProgram[] = [];
  const hosts: string[] = [];
  const read: Record<string, JsonObject> = {};
  for (const [name, value] of entries) {
    const placed = part === undefined ? value : withPluginRoot(replacePluginRoot(value, part, "path"), value, part);
    const filled = mcpVariables(name, parseMcpServer(name, placed, warnings));
    read[name] = { ...filled.server };
    variables.push(...filled.variables.filter(({ name: variable }) => !ownVariables.has(variable)));
    hosts.push(...hostsIn(JSON.stringify(filled.server)));
    if (filled.server.command !== undefined) {
      const program = filled.server.command;
      // One with a slash lies in the workspace or is found by its path; one that is a variable is not known.
      if (!program.includes("${"))
        programs.push({ name: program, neededBy: `MCP server ${JSON.stringify(name)}`, optional: false });
      const command = [filled.server.command, ...(filled.server.args ?? [])].join(" ");
      commands.push(command);
      warnings.push(...startWarnings(name, command));
    } else warnings.push(...remoteWarnings(name, filled.server.url ?? ""));
  }
  warnings.push(...ownAddressWarnings(variables));
  return {
    ...emptyContent,
    description: descriptionOf(entries),
    mcpServers: read,
    files: part === undefined ? [] : await pluginFiles(input.tree, part, JSON.stringify(servers)),
    expected: { ...emptyContent.expected, mcpServers: Object.keys(read) },
    hosts: [...new Set(hosts)],
    serverHosts: [...new Set(hosts)],
    commands,
    programs,
    variables,
    serverVariables: variables,
    obstacles: [...programObstacles(programs), ...ownAddressObstacles(Object.values(read))],
    warnings,
  };
}

function ownAddressWarnings(variables: readonly ComponentVariable[]): string[] {
  return variables
    .filter(({ default: value }) => isOwnAddress(value ?? ""))
    .map(
      ({ name, default: value }) => `It uses ${value}, which in a sandbox is the sandbox itself, unless ${name} is set`,
    );
}

function ownAddressObstacles(servers: readonly JsonObject[]): string[] {
  return servers
    .filter(({ url }) => isOwnAddress(String(url ?? "")))
    .map(() => "is expected on the machine itself, which a sandbox does not reach");
}

/** The program that such a server starts looks for the root in its environment, as in a whole plugin. */
function withPluginRoot(placed: unknown, value: unknown, plugin: PluginPlace): unknown {
  if (!isJsonObject(placed) || !refersToPluginRoot(value)) return placed;
  const root = { CLAUDE_PLUGIN_ROOT: `./${pluginDirectory(plugin)}` };
  return placed.command === undefined
    ? placed
    : { ...placed, env: { ...root, ...(isJsonObject(placed.env) ? placed.env : {}) } };
}

function descriptionOf(entries: readonly (readonly [string, unknown])[]): string {
  const texts = entries.map(([, value]) => (isJsonObject(value) ? value.description : undefined));
  return texts.filter((text) => typeof text === "string").join(" ");
}

function startWarnings(name: string, command: string): string[] {
  const fetcher = startsByFetching(command);
  return [
    ...(fetcher === undefined
      ? []
      : [`The server ${JSON.stringify(name)} fetches what it runs at its start (${fetcher})`]),
    ...(/\bdocker\b/.test(command) ? ["It wants Docker, which a sandbox does not have"] : []),
  ];
}

function remoteWarnings(name: string, url: string): string[] {
  return isOwnAddress(url)
    ? [`The server ${JSON.stringify(name)} is expected on this machine itself (${url}), which a sandbox does not reach`]
    : [];
}
