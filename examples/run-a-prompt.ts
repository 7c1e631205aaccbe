// Runs Claude Code with a prompt in a sealed sandbox and prints what it says, then what it made.
//   ANTHROPIC_API_KEY=… node examples/run-a-prompt.ts "Build a page with a bouncing ball"
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "@glovebox/core";
import { Secret } from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createDockerProvider } from "@glovebox/provider-docker";

const running = run({
  provider: createDockerProvider(),
  harness: createClaudeCode(),
  task: { prompt: process.argv[2] ?? "Write a haiku about gloves into haiku.txt" },
  credential: {
    variable: "ANTHROPIC_API_KEY",
    secret: new Secret("ANTHROPIC_API_KEY", process.env.ANTHROPIC_API_KEY ?? ""),
    ...(process.env.ANTHROPIC_BASE_URL === undefined ? {} : { upstream: process.env.ANTHROPIC_BASE_URL }),
  },
  outputDir: resolve("result"),
  home: process.env.GLOVEBOX_HOME ?? join(homedir(), ".glovebox"),
});
process.once("SIGINT", () => running.cancel());

for await (const event of running) {
  if (event.type === "text.delta") process.stdout.write(event.text);
  else if (event.type === "tool.start") process.stdout.write(`\n● ${event.name}\n`);
}

const result = await running.result;
process.stdout.write(`\n${result.outcome}: ${result.reason}\n`);
for (const { path, change } of result.files?.manifest ?? []) process.stdout.write(`${change} ${path}\n`);
process.exitCode = result.exitCode;
