import type { ComponentVariable } from "./component-content.ts";
import type { McpServer } from "./mcp-server.ts";
import { isSecretName, placeholderIn, variableName } from "./placeholder.ts";

/**
 * The variables that a server's configuration asks for. Placeholders become `${VARIABLE}`, which Claude Code fills from
 * its environment: left as they are, the server would start with them.
 */
export function mcpVariables(
  serverName: string,
  server: McpServer,
): { readonly server: McpServer; readonly variables: readonly ComponentVariable[] } {
  const variables = new Map<string, ComponentVariable>();
  const neededBy = `MCP server ${JSON.stringify(serverName)}`;
  const fill = (value: string, owner: string | undefined, header?: string): string => {
    const placeholder = value.includes("${") ? undefined : placeholderIn(value);
    // A placeholder that is the whole value of a variable takes that variable's name; any other gets one of its own.
    const own = owner ?? variableName(serverName, placeholder ?? "");
    const filled = placeholder === undefined ? value : value.replace(placeholder, `\${${own}}`);
    for (const [whole, name = "", , fallback] of filled.matchAll(/\$\{([A-Za-z_]\w*)(:-([^}]*))?\}/g)) {
      const credential = header === undefined ? undefined : headerCredential(server, header, filled, whole);
      variables.set(name, {
        name,
        neededBy,
        secret: isSecretName(name) || credential !== undefined,
        ...(fallback === undefined ? {} : { default: fallback }),
        ...(placeholder === undefined ? {} : { placeholder }),
        ...(credential === undefined ? {} : { credential }),
      });
    }
    return filled;
  };
  const fillMap = (map: Readonly<Record<string, string>>, headers: boolean): Record<string, string> =>
    Object.fromEntries(
      Object.entries(map).map(([key, value]) => [
        key,
        headers ? fill(value, undefined, key) : fill(value, /^[A-Za-z_]\w*$/.test(key) ? key : undefined),
      ]),
    );
  const filled: McpServer = {
    ...server,
    ...(server.command === undefined ? {} : { command: fill(server.command, undefined) }),
    ...(server.args === undefined ? {} : { args: server.args.map((arg) => fill(arg, undefined)) }),
    ...(server.url === undefined ? {} : { url: fill(server.url, undefined) }),
    ...(server.env === undefined ? {} : { env: fillMap(server.env, false) }),
    ...(server.headers === undefined ? {} : { headers: fillMap(server.headers, true) }),
  };
  return { server: filled, variables: [...variables.values()] };
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
    const { hostname } = new URL(server.url);
    return { host: hostname, header: header.toLowerCase(), ...(scheme === undefined ? {} : { scheme }) };
  } catch {
    // No URL: the server itself is refused elsewhere.
    return undefined;
  }
}
