import type { McpServer } from "@agentclientprotocol/sdk";
import type { HarnessDialogue, HarnessTask, McpServerPart } from "@glovebox/core/harness";

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** The MCP servers of the task, as a session gets them: with the variables of the sandbox in place of their names. */
export async function sessionMcpServers(
  task: HarnessTask,
  dialogue: Pick<HarnessDialogue, "run">,
): Promise<McpServer[]> {
  const parts = task.components?.mcpServers ?? [];
  const names = new Set([...JSON.stringify(parts).matchAll(variable)].flatMap(([, name]) => name ?? []));
  const values = new Map<string, string>();
  for (const name of names) values.set(name, await printedValue(name, dialogue));
  return parts.map((part) => sessionServer(part, values));
}

/** Empty for a variable that is not set. */
async function printedValue(name: string, { run }: Pick<HarnessDialogue, "run">): Promise<string> {
  try {
    return await run(["printenv", name]);
  } catch {
    // `printenv` fails for a variable that is not set.
    return "";
  }
}

function sessionServer(part: McpServerPart, values: ReadonlyMap<string, string>): McpServer {
  const fill = (text: string): string =>
    text.replace(variable, (_match, name: string, fallback = "") => values.get(name) || fallback);
  const pairs = (record: Readonly<Record<string, string>> = {}) =>
    Object.entries(record).map(([name, value]) => ({ name, value: fill(value) }));
  const { name, command, args = [], env, url, transport, headers } = part;
  if (url === undefined) return { name, command: fill(command ?? ""), args: args.map(fill), env: pairs(env) };
  return { type: transport === "sse" ? "sse" : "http", name, url: fill(url), headers: pairs(headers) };
}
