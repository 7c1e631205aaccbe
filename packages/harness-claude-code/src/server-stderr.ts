import { setTimeout as wait } from "node:timers/promises";
import { type HarnessDialogue, SandboxError } from "@glovebox/core/harness";

const mostCharacters = 1000;

/**
 * Where Claude Code 2.1 keeps what its MCP servers print on standard error: one folder a server, a JSON object a line. It
 * writes them some time after it has told of the failure.
 */
const search = 'exec grep -r -e stderr -e "Connection failed" "$HOME/.cache/claude-cli-nodejs"';
const mostLooks = 10;
const pauseMs = 300;

/** The end of what an MCP server printed on standard error, on one line; empty where nothing is known. */
export async function serverStderr({ run }: Pick<HarnessDialogue, "run">, name: string): Promise<string> {
  const folder = `/mcp-logs-${name.replace(/[^a-zA-Z0-9_-]/g, "-")}/`;
  for (let looks = 1; ; looks += 1) {
    const lines = (await look(run)).split("\n").filter((line) => line.includes(folder));
    if (lines.length === 0 && looks < mostLooks) {
      await wait(pauseMs);
      continue;
    }
    return lines.flatMap(readEntry).join(" ").replace(/\s+/g, " ").trim().slice(-mostCharacters);
  }
}

async function look(run: HarnessDialogue["run"]): Promise<string> {
  try {
    return await run(["sh", "-c", search]);
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    // It would have said more of a failure that is told in any case.
    return "";
  }
}

function readEntry(line: string): string[] {
  try {
    const entry = JSON.parse(line.slice(line.indexOf(":{") + 1)) as { readonly error?: unknown };
    const [, said] = /^Server stderr: (.*)$/s.exec(String(entry.error)) ?? [];
    return said === undefined ? [] : [said];
  } catch {
    // A line that was cut, or is none of its.
    return [];
  }
}
