import type { McpServerPart } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { TomlValue } from "./toml.ts";

/** Codex starts a server with few variables; these let it reach the network as every other program of the sandbox does. */
const networkVariables = [
  "HTTP_PROXY",
  "http_proxy",
  "HTTPS_PROXY",
  "https_proxy",
  "NO_PROXY",
  "no_proxy",
  "NODE_USE_ENV_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "NPM_CONFIG_REGISTRY",
  "PIP_INDEX_URL",
] as const;

/** Some fetch what they run. */
const startSeconds = 60;
const variable = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/**
 * The servers as the table `mcp_servers`. Codex fills in no variables: a shell does it for a server that is started, and Codex
 * itself for a header that is a variable alone. With `required`, Codex does not begin before each server has started.
 */
export function mcpServers(servers: readonly McpServerPart[]): Readonly<Record<string, TomlValue>> {
  return Object.fromEntries(servers.map((server) => [serverName(server), configured(server)]));
}

function configured(server: McpServerPart): TomlValue {
  const shared = { required: true, startup_timeout_sec: startSeconds };
  if (server.command !== undefined) return { ...started(server, server.command), ...shared };
  return { ...remote(server), ...shared };
}

/** Codex takes no other names. */
function serverName({ name }: McpServerPart): string {
  if (/^[\w-]+$/.test(name)) return name;
  throw new InvalidOptionsError(
    `The MCP server ${JSON.stringify(name)} cannot be used with Codex: its name may have only letters, digits, - and _`,
  );
}

function started(
  { name: server, args = [], env = {} }: McpServerPart,
  command: string,
): Readonly<Record<string, TomlValue>> {
  const words = [command, ...args];
  const filled = Object.entries(env).filter(([, value]) => variablesIn(value).length > 0);
  const plain = Object.fromEntries(Object.entries(env).filter(([, value]) => variablesIn(value).length === 0));
  const texts = [...words, ...filled.map(([, value]) => value)];
  const referred = texts.flatMap(variablesIn);
  const inherited = { env: plain, env_vars: [...new Set([...networkVariables, ...referred])] };
  if (referred.length === 0) return { command, args, ...inherited };
  const script = [
    ...new Set(texts.flatMap(fallbacksIn)),
    ...filled.map(([name, value]) => `export ${identifier(server, name)}=${shellWord(value)}`),
    `exec ${words.map(shellWord).join(" ")}`,
  ];
  return { command: "/bin/sh", args: ["-c", script.join("; ")], ...inherited };
}

function identifier(server: string, name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw unfilled(server, `the environment variable ${JSON.stringify(name)}`);
}

/** Sets a variable that is empty. It reaches the program as part of its words, and not as a variable. */
function fallbacksIn(text: string): string[] {
  return [...text.matchAll(variable)].flatMap(([, name = "", fallback = ""]) =>
    fallback === "" ? [] : [`[ -n "\${${name}-}" ] || ${name}=${quoted(fallback)}`],
  );
}

/** Everything but the variables is quoted. */
function shellWord(text: string): string {
  const pieces: string[] = [];
  let at = 0;
  for (const match of text.matchAll(variable)) {
    const [whole, name = ""] = match;
    pieces.push(quoted(text.slice(at, match.index)), `"\${${name}-}"`);
    at = match.index + whole.length;
  }
  pieces.push(quoted(text.slice(at)));
  return pieces.join("") || "''";
}

function quoted(text: string): string {
  return text === "" ? "" : `'${text.replaceAll("'", `'\\''`)}'`;
}

function remote({ name, url = "", transport, headers = {} }: McpServerPart): Readonly<Record<string, TomlValue>> {
  if (transport === "sse" || transport === "ws") {
    throw new InvalidOptionsError(
      `The MCP server ${JSON.stringify(name)} cannot be used with Codex: it speaks ${transport}, and Codex only HTTP`,
    );
  }
  const plain: Record<string, string> = {};
  const filled: Record<string, string> = {};
  let bearer: string | undefined;
  for (const [header, value] of Object.entries(headers)) {
    const [, scheme = "", only] = /^(Bearer )?\$\{([A-Za-z_]\w*)\}$/.exec(value) ?? [];
    if (variablesIn(value).length === 0) plain[header] = value;
    else if (only !== undefined && scheme === "") filled[header] = only;
    else if (only !== undefined && header.toLowerCase() === "authorization") bearer = only;
    else throw unfilled(name, `the header ${header}`);
  }
  if (variablesIn(url).length > 0) throw unfilled(name, "its URL");
  return {
    url,
    http_headers: plain,
    env_http_headers: filled,
    ...(bearer === undefined ? {} : { bearer_token_env_var: bearer }),
  };
}

function unfilled(name: string, where: string): InvalidOptionsError {
  return new InvalidOptionsError(
    `The MCP server ${JSON.stringify(name)} cannot be used with Codex: ${where} holds a variable inside a text, which Codex does not fill in`,
  );
}

function variablesIn(text: string): string[] {
  return [...text.matchAll(variable)].flatMap(([, name]) => name ?? []);
}
