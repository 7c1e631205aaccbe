import type { HarnessPlugin, HarnessTask } from "@glovebox/core/harness";
import { createClaudeCode } from "@glovebox/harness-claude-code";

const everyMs = 20;

/** How many messages it sends. */
export const messageCount = 100;

/** What runs in the sandbox, and in the bare container: each line is the time at which it was written, in milliseconds. */
export const clockProgram = `
const clock = () => performance.timeOrigin + performance.now();
let count = 0;
const timer = setInterval(() => {
  process.stdout.write(clock() + "\\n");
  if (++count === ${messageCount}) clearInterval(timer);
}, ${everyMs});
`;

/** An agent that says the time and asks no model. In Claude Code's image, which has Node. */
export const harness: HarnessPlugin = {
  specificationVersion: 1,
  kind: "harness",
  create: () => {
    const { components, sessions, ...claude } = createClaudeCode();
    return {
      ...claude,
      command: ({ workspaceDir }: HarnessTask) => ({
        ...{ argv: ["node", "--eval", clockProgram], stdin: new Uint8Array(), env: {}, cwd: workspaceDir },
      }),
      async *parse(lines) {
        for await (const { stream, line } of lines) {
          if (stream === "stdout") yield { type: "text.delta", messageId: "clock", text: line };
        }
        yield { type: "harness.result", ok: true, reason: "done", message: "The clock has stopped" };
      },
      outcome: () => ({ ok: true, reason: "done", message: "The clock has stopped" }),
    };
  },
};
