import type { ComponentContent, ComponentVariable } from "./component-content.ts";
import type { ComponentInput } from "./component-input.ts";
import { ComponentRefusal } from "./component-refusal.ts";
import { emptyContent } from "./empty-content.ts";
import { type McpServer, parseMcpServer } from "./mcp-server.ts";
import { mcpVariables } from "./mcp-variables.ts";
import { isOwnAddress } from "./own-address.ts";
import { pluginFiles, replacePluginRoot } from "./plugin-files.ts";
import { isJsonObject, type JsonObject, readJsonObject } from "./read-json-object.ts";
import { startsByFetching } from "./starts-by-fetching.ts";
import { hostsIn } from "./urls-in.ts";

/** MCP servers, for `.mcp.json`. */
export async function readMcp(input: ComponentInput): Promise<ComponentContent> {
  const json = readJsonObject(await input.tree.read(input.path));
  // Plugins may write the servers without the name around them.
  const servers = json.mcpServers ?? (input.plugin === undefined ? undefined : json);
  if (!isJsonObject(servers)) throw new ComponentRefusal('has no "mcpServers", so it describes no MCP server');
  const entries = Object.entries(servers).filter(([name]) => input.server === undefined || name === input.server);
  if (entries.length === 0) throw new ComponentRefusal("names no MCP server");
  const warnings: string[] = [];
  const variables: ComponentVariable[] = [];
  const commands: string[] = [];
  const hosts: string[] = [];
  const read: Record<string, JsonObject> = {};
  for (const [name, value] of entries) {
    const placed = input.plugin === undefined ? value : replacePluginRoot(value, input.plugin, "path");
    const filled = mcpVariables(name, parseMcpServer(name, placed, warnings));
    read[name] = { ...filled.server };
    variables.push(...filled.variables);
    hosts.push(...hostsIn(JSON.stringify(filled.server)));
    if (filled.server.command !== undefined) {
      const command = [filled.server.command, ...(filled.server.args ?? [])].join(" ");
      commands.push(command);
      warnings.push(...startWarnings(name, filled.server, command));
    } else warnings.push(...remoteWarnings(name, filled.server.url ?? ""));
  }
  for (const variable of variables)
    if (isOwnAddress(variable.default ?? ""))
      warnings.push(
        `It looks for ${variable.default}, which in a sandbox is the sandbox itself, unless ${variable.name} is set`,
      );
  return {
    ...emptyContent,
    description: descriptionOf(entries),
    mcpServers: read,
    files: input.plugin === undefined ? [] : await pluginFiles(input.tree, input.plugin, JSON.stringify(servers)),
    expected: { ...emptyContent.expected, mcpServers: Object.keys(read) },
    hosts: [...new Set(hosts)],
    commands,
    variables,
    warnings,
  };
}

function descriptionOf(entries: readonly (readonly [string, unknown])[]): string {
  const texts = entries.map(([, value]) => (isJsonObject(value) ? value.description : undefined));
  return texts.filter((text) => typeof text === "string").join(" ");
}

function startWarnings(name: string, server: McpServer, command: string): string[] {
  const fetcher = startsByFetching(command);
  const wholeLine = /\s/.test(server.command ?? "") && server.args === undefined;
  return [
    ...(fetcher === undefined
      ? []
      : [`The server ${JSON.stringify(name)} fetches what it runs at its start (${fetcher})`]),
    ...(/\bdocker\b/.test(command) ? ["It wants Docker, which a sandbox does not have"] : []),
    ...(wholeLine
      ? [`The command of ${JSON.stringify(name)} is a whole line; Claude Code takes it for one program's name`]
      : []),
  ];
}

function remoteWarnings(name: string, url: string): string[] {
  return isOwnAddress(url)
    ? [`The server ${JSON.stringify(name)} is expected on this machine itself (${url}), which a sandbox does not reach`]
    : [];
}
