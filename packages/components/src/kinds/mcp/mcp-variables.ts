import type { ComponentVariable } from "../component-content.ts";
import type { McpServer } from "./mcp-server.ts";
import { isOwnAddress } from "./own-address.ts";
import { isSecretName, placeholderIn, placeholderVariable } from "./placeholder.ts";

export interface FilledServer {
  readonly server: McpServer;
  readonly variables: readonly ComponentVariable[];
}

const maxPlaceholders = 10;

/**
 * The variables that a server's configuration asks for. Placeholders become `${VARIABLE}`, which Claude Code fills from
 * its environment: left as they are, the server would start with them.
 */
export function mcpVariables(serverName: string, server: McpServer): FilledServer {
  const variables = new Map<string, ComponentVariable>();
  const fill = (value: string, owner?: string, header?: string): string => {
    const placeholders = new Map<string, string>();
    let filled = value;
    for (let count = 0; count < maxPlaceholders; count += 1) {
      const placeholder = placeholderIn(filled);
      if (placeholder === undefined) break;
      // A placeholder that is all of a variable's value takes that variable's name.
      const name = owner !== undefined && placeholder === value ? owner : placeholderVariable(serverName, placeholder);
      placeholders.set(name, placeholder);
      filled = filled.replace(placeholder, () => `\${${name}}`);
    }
    // An empty value in `env` is one that somebody has to fill in.
    if (value === "" && owner !== undefined) filled = `\${${owner}:-}`;
    // What is meant to run beside the server lies elsewhere for one in a sandbox: somebody can say where.
    if (owner !== undefined && filled === value && isOwnAddress(value) && !/[{}]/.test(value))
      filled = `\${${owner}:-${value}}`;
    for (const [whole, name = "", , fallback] of filled.matchAll(/\$\{([A-Za-z_]\w*)(:-([^}]*))?\}/g)) {
      const placeholder = placeholders.get(name);
      const credential = header === undefined ? undefined : headerCredential(server, header, filled, whole);
      variables.set(name, {
        name,
        neededBy: `MCP server ${JSON.stringify(serverName)}`,
        secret: isSecretName(name) || credential !== undefined,
        ...(fallback === undefined ? {} : { default: fallback }),
        ...(placeholder === undefined ? {} : { placeholder }),
        ...(credential === undefined ? {} : { credential }),
      });
    }
    return filled;
  };
  return { server: fillServer(server, fill), variables: [...variables.values()] };
}

type Fill = (value: string, owner?: string, header?: string) => string;

function fillServer(server: McpServer, fill: Fill): McpServer {
  const { command, args, url, env, headers } = server;
  return {
    ...server,
    ...(command === undefined ? {} : { command: fill(command) }),
    ...(args === undefined ? {} : { args: args.map((arg) => (arg === "" ? arg : fill(arg))) }),
    ...(url === undefined ? {} : { url: fill(url) }),
    ...(env === undefined ? {} : { env: fillMap(env, (key, value) => fill(value, variableKey(key))) }),
    ...(headers === undefined ? {} : { headers: fillMap(headers, (key, value) => fill(value, undefined, key)) }),
  };
}

function fillMap(
  map: Readonly<Record<string, string>>,
  fill: (key: string, value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, fill(key, value)]));
}

function variableKey(key: string): string | undefined {
  return /^[A-Za-z_]\w*$/.test(key) ? key : undefined;
}

/** A header that is the variable alone, or a scheme and the variable: what can be added outside the sandbox. */
function headerCredential(
  server: McpServer,
  header: string,
  value: string,
  reference: string,
): ComponentVariable["credential"] {
  const [scheme, rest] = value.includes(" ") ? value.split(/ (.*)/s) : [undefined, value];
  if (rest !== reference || server.url === undefined || server.url.includes("${")) return undefined;
  try {
    const { hostname, port, protocol } = new URL(server.url);
    const isPlain = protocol === "http:";
    const own = header.toLowerCase();
    const passHeaders = Object.keys(server.headers ?? {}).flatMap((name) => {
      return name.toLowerCase() === own ? [] : [name.toLowerCase()];
    });
    return {
      host: hostname,
      ...(port === "" ? (isPlain ? { port: 80 } : {}) : { port: Number(port) }),
      ...(isPlain ? { tls: false } : {}),
      header: own,
      ...(scheme === undefined ? {} : { scheme }),
      ...(passHeaders.length === 0 ? {} : { passHeaders }),
    };
  } catch {
    // No URL: nothing can be added on the way to it.
    return undefined;
  }
}
