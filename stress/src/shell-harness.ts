import type { Harness, HarnessEvent, HarnessLine, HarnessPlugin } from "@glovebox/core/harness";
import { createClaudeCode } from "@glovebox/harness-claude-code";

/** The line with which a script says that it has done everything. */
export const lastLine = "stress: done";
/** The line with which a script says that it keeps a conversation, in `sessionDirectory`. */
export const sessionLine = "stress: session";
/** Where a script keeps its conversation in the sandbox. */
export const sessionDirectory = "/home/agent/.stress-session";

/**
 * A harness whose prompt is a script for the shell: no model and no time to think, but the same sandbox, the same image
 * and the same loop as any other.
 */
const shell: Harness = {
  specificationVersion: 1,
  id: "stress-shell",
  endpoints: [
    {
      id: "nowhere",
      upstream: "http://127.0.0.1:9",
      baseUrlVariable: "NOWHERE_URL",
      paths: [{ method: "GET", path: "/" }],
    },
  ],
  credentials: [
    { variable: "ANTHROPIC_API_KEY", kind: "api-key", endpointId: "nowhere", header: "x-api-key", placeholder: "none" },
  ],
  sessions: { directory: sessionDirectory },
  // It loads nothing, and so proves nothing: a run with components goes through the phase that installs them.
  components: {
    command: (task) => shell.command(task),
    async *start({ lines, write, closeInput }, task) {
      await write(task.prompt);
      await closeInput();
      yield* lines;
    },
  },
  template: () => createClaudeCode().template(),
  command: (task) => ({ argv: ["sh", "-s"], stdin: Buffer.from(task.prompt), env: {}, cwd: task.workspaceDir }),
  parse,
  outcome: (result, { exitCode, reason }) =>
    result === undefined
      ? { ok: false, reason: "no-result", message: `The script ended with ${exitCode ?? reason} before its last line` }
      : { ok: true, reason: "done", message: result.message },
  interrupt: (process) => process.kill("SIGTERM"),
};

async function* parse(lines: AsyncIterable<HarnessLine>): AsyncGenerator<HarnessEvent> {
  let done = false;
  for await (const { stream, line } of lines) {
    if (line === sessionLine)
      yield {
        type: "harness.session",
        sessionId: "stress",
        tools: [],
        agents: [],
        commands: [],
        skills: [],
        mcpServers: [],
      };
    else if (line !== lastLine || done) yield { type: "harness.raw", stream, line };
    else yield { type: "harness.result", ok: true, reason: "done", message: "Done.", turns: 1 };
    done ||= line === lastLine;
  }
}

export const harness: HarnessPlugin = { specificationVersion: 1, kind: "harness", create: () => shell };
