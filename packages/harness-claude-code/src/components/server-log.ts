import { type HarnessDialogue, SandboxError } from "@glovebox/core/harness";

/** Where Claude Code 2.1 keeps what it knows of its MCP servers: one directory a server, a JSON object a line. */
const directory = "$HOME/.cache/claude-cli-nodejs";

/** The lines of an MCP server's log that hold one of the words; none where nothing is known. */
export async function serverLog(
  { run }: Pick<HarnessDialogue, "run">,
  name: string,
  words: readonly [string, ...string[]],
): Promise<readonly string[]> {
  const own = `/mcp-logs-${name.replace(/[^a-zA-Z0-9_-]/g, "-")}/`;
  const found = await look(run, words);
  return found.split("\n").filter((line) => line.includes(own));
}

async function look(run: HarnessDialogue["run"], words: readonly string[]): Promise<string> {
  try {
    return await run(["sh", "-c", `exec grep -r ${words.map((word) => `-e "${word}"`).join(" ")} "${directory}"`]);
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    // What it would have said is missing from an answer that is given in any case.
    return "";
  }
}
