import type { McpServerPart } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";

/** Returns an MCP server as OpenCode's configuration has it. Throws `invalid-options` for what it cannot express. */
export function mcpServer({ name, command, args = [], env = {}, url, transport, headers = {} }: McpServerPart): object {
  const text = (value: string): string => withVariables(name, value);
  const texts = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value)]));
  if (command !== undefined) {
    return { type: "local", command: [command, ...args].map(text), environment: texts(env), enabled: true };
  }
  if (transport === "ws") {
    throw new InvalidOptionsError(`OpenCode has no WebSocket transport for the MCP server ${name}`, {
      hint: "Use a server that speaks HTTP, or one that is started in the sandbox.",
    });
  }
  return { type: "remote", url: text(url ?? ""), headers: texts(headers), enabled: true };
}

/** OpenCode writes a variable `{env:NAME}` and has no default for one. */
function withVariables(server: string, text: string): string {
  return text.replace(/\$\{([A-Za-z_]\w*)(:-[^}]*)?\}/g, (_all, variable: string, fallback: string | undefined) => {
    if (fallback === undefined) return `{env:${variable}}`;
    throw new InvalidOptionsError(`OpenCode has no default for the variable ${variable} of the MCP server ${server}`, {
      hint: `Write \${${variable}} and set the variable with --env.`,
    });
  });
}
