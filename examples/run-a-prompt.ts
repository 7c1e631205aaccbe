// Runs Claude Code with a prompt in a sealed sandbox, prints what it says, then lists the files that it made.
//   ANTHROPIC_API_KEY=… node examples/run-a-prompt.ts "Build a page with a bouncing ball"
import { run } from "@glovebox/core";
import { plainText } from "@glovebox/core/text";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createDockerProvider } from "@glovebox/provider-docker";

const running = run({
  prompt: process.argv[2] ?? "Write a haiku about gloves into haiku.txt",
  provider: createDockerProvider(),
  harness: createClaudeCode(),
  outputDirectory: "result",
});
process.once("SIGINT", () => running.cancel());

for await (const event of running) {
  if (event.type === "text.delta") process.stdout.write(plainText(event.text));
  else if (event.type === "tool.start") process.stdout.write(`\n● ${event.name}\n`);
}

const result = await running.result;
process.stdout.write(`\n${result.outcome}: ${result.reason}\n`);
for (const { path, change } of result.files?.manifest ?? []) process.stdout.write(`${change} ${path}\n`);
process.exitCode = result.exitCode;
