import {
  type CommandPart,
  type HarnessFile,
  type HarnessTask,
  type McpServerPart,
  noParts,
} from "@glovebox/core/harness";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import { geminiHome } from "./gemini-home.ts";

/** How often a request is sent in all. Gemini CLI's own number is 10, which is minutes of silence while an API is down. */
const attempts = 3;

/** Returns the files that Gemini CLI needs before it starts: settings, instructions, commands and agents. */
export function geminiFiles(task: HarnessTask): HarnessFile[] {
  const { agents, commands } = task.components ?? noParts;
  const place = (path: string, content: string): HarnessFile => ({ path: `${geminiHome}/.gemini/${path}`, content });
  return [
    place("settings.json", `${JSON.stringify(settings(task), null, 2)}\n`),
    ...(task.appendSystemPrompt ? [place("GEMINI.md", `${task.appendSystemPrompt}\n`)] : []),
    ...commands.map((command) => place(`commands/${fileName(command.name)}.toml`, commandFile(command))),
    ...agents.map(({ name, description, instructions }) =>
      place(
        `agents/${fileName(name)}.md`,
        `---\nname: ${JSON.stringify(name)}\ndescription: ${JSON.stringify(description)}\n---\n\n${instructions}\n`,
      ),
    ),
  ];
}

function settings({ maxTurns, components = noParts }: HarnessTask): object {
  return {
    security: { auth: { selectedType: "gemini-api-key", enforcedType: "gemini-api-key" } },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false, maxAttempts: attempts },
    ...(maxTurns === undefined ? {} : { model: { maxSessionTurns: maxTurns } }),
    mcpServers: Object.fromEntries(components.mcpServers.map((server) => [server.name, mcpServer(server)])),
  };
}

/** Gemini CLI replaces `${NAME}` and `${NAME:-default}` by variables itself. Throws `invalid-options` for a WebSocket. */
export function mcpServer({ name, command, args, env, url, transport, headers }: McpServerPart): object {
  if (command !== undefined) return dropUndefined({ command, args, env });
  if (transport === "ws") {
    throw new InvalidOptionsError(`Gemini CLI has no WebSocket transport for the MCP server ${name}`, {
      hint: "Use a server that speaks HTTP, or one that is started in the sandbox.",
    });
  }
  return dropUndefined(transport === "sse" ? { url, headers } : { httpUrl: url, headers });
}

/** JSON's strings are TOML's too, apart from a character that JSON leaves as it is. */
function commandFile({ description, prompt }: CommandPart): string {
  const text = (value: string) => JSON.stringify(value).replaceAll("\u007f", "\\u007f");
  const lines = [`prompt = ${text(prompt.replaceAll("$ARGUMENTS", "{{args}}"))}`];
  if (description !== "") lines.unshift(`description = ${text(description)}`);
  return `${lines.join("\n")}\n`;
}

/** A command's category is its directory. */
function fileName(name: string): string {
  const path = name.replaceAll(":", "/");
  if (/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(path)) return path;
  throw new InvalidOptionsError(`Gemini CLI cannot use the name ${JSON.stringify(name)} for an agent or a command`);
}
