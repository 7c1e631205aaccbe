import { isDeepStrictEqual } from "node:util";
import { ComponentRefusal } from "../component-refusal.ts";
import { plainWords } from "../shell/shell-script.ts";
import { isJsonObject, type JsonObject } from "../text/read-json-object.ts";
import { withoutInvisible } from "../text/without-invisible.ts";

/** One server of `.mcp.json`, in a form that Claude Code accepts. Fields that it does not know are left out. */
export interface McpServer {
  readonly type?: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly headersHelper?: string;
  readonly oauth?: unknown;
  readonly timeout?: number;
}

const remoteTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    http: "http",
    sse: "sse",
    ws: "ws",
    "streamable-http": "http",
    streamablehttp: "http",
    streamable_http: "http",
  }),
);

/**
 * Reads a server as catalogs write them. Claude Code 2.1 drops one in silence when its type is missing beside a URL, or
 * a value is a number; such small things are put right here, with a warning. What says nothing to start is refused.
 */
export function parseMcpServer(name: string, raw: unknown, warnings: string[]): McpServer {
  const called = `the server ${JSON.stringify(name)}`;
  const value = withoutInvisible(raw);
  if (!isDeepStrictEqual(value, raw))
    warnings.push(`Invisible characters are left out of the configuration of ${called}`);
  if (!isJsonObject(value)) throw new ComponentRefusal(`describes ${called} by something that is no object`);
  const { command, url } = value;
  const remote = typeof url === "string" && url !== "";
  const local = typeof command === "string" && command.trim() !== "";
  if (!remote && !local) throw new ComponentRefusal(`names neither a command nor a URL for ${called}`);
  const shared = {
    ...(value.oauth === undefined ? {} : { oauth: value.oauth }),
    ...(typeof value.timeout === "number" ? { timeout: value.timeout } : {}),
    ...(typeof value.headersHelper === "string" ? { headersHelper: value.headersHelper } : {}),
  };
  const env = textMap(value.env, called, "env", warnings);
  if (local) {
    const listed = textList(value.args, called, warnings);
    const line = commandLine(command, called, warnings);
    const args = line.args.length === 0 ? listed : [...line.args, ...(listed ?? [])];
    return {
      command: line.command,
      ...(args === undefined ? {} : { args }),
      ...(env === undefined ? {} : { env }),
      ...shared,
    };
  }
  const headers = textMap(value.headers, called, "headers", warnings);
  return {
    type: remoteType(value, String(url), called, warnings),
    url: String(url),
    ...(headers === undefined ? {} : { headers }),
    ...(env === undefined ? {} : { env }),
    ...shared,
  };
}

/** Claude Code takes `command` for one program's name, whatever spaces it holds. */
function commandLine(
  command: string,
  called: string,
  warnings: string[],
): { readonly command: string; readonly args: readonly string[] } {
  const line = command.trim();
  const words = /^[~./]|^[A-Za-z]:\\/.test(line) ? [line] : plainWords(line);
  const [program = line, ...args] = words ?? [line];
  if (args.length > 0)
    warnings.push(`The command of ${called} is a whole line, taken apart here: Claude Code would take it for one name`);
  return { command: program, args };
}

function remoteType(value: JsonObject, url: string, called: string, warnings: string[]): string {
  const named = value.type ?? value.transport;
  // With a URL and no command, `stdio` can only be a slip.
  const transport = named === "stdio" ? undefined : named;
  const type = typeof transport === "string" ? remoteTypes.get(transport.toLowerCase()) : undefined;
  if (transport !== undefined && type === undefined)
    throw new ComponentRefusal(
      `asks for the transport ${JSON.stringify(transport)} for ${called}, which Claude Code lacks`,
    );
  if (type !== undefined && value.type === type) return type;
  const chosen = type ?? (/^wss?:/.test(url) ? "ws" : /\/sse\/?($|\?)/.test(url) ? "sse" : "http");
  warnings.push(`The type of ${called} is set to "${chosen}": Claude Code would not load it as it is`);
  return chosen;
}

function textList(value: unknown, called: string, warnings: string[]): string[] | undefined {
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  if (list.some((item) => typeof item === "object" || item === undefined))
    throw new ComponentRefusal(`has arguments for ${called} that are no texts`);
  if (!Array.isArray(value) || list.some((item) => typeof item !== "string"))
    warnings.push(`The arguments of ${called} are made a list of texts: Claude Code would not load it as it is`);
  return list.map(String);
}

function textMap(
  value: unknown,
  called: string,
  field: string,
  warnings: string[],
): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value) || Object.values(value).some((item) => typeof item === "object"))
    throw new ComponentRefusal(`has an ${field} for ${called} that is no list of names and texts`);
  if (Object.values(value).some((item) => typeof item !== "string"))
    warnings.push(`The ${field} of ${called} is made texts: Claude Code would not load it as it is`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
}
