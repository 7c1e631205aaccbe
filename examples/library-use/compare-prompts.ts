// Runs two prompts under one budget, verifies each result in a fresh sandbox, and prints what came of it.
//   ANTHROPIC_API_KEY=… node compare-prompts.ts PROJECT
import { join, resolve } from "node:path";
import { verifyRun } from "@glovebox/batch";
import { budget, runAll } from "@glovebox/core";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createDockerProvider } from "@glovebox/provider-docker";

const workspace = resolve(process.argv[2] ?? ".");
const home = process.env.GLOVEBOX_HOME ?? join(process.env.HOME ?? "", ".glovebox");
const provider = createDockerProvider();
const harness = createClaudeCode();
const prompts = ["Correct sum().", "Correct sum(), and explain the mistake in NOTES.md."];
const limit = budget({ usd: 10 });

const specs = prompts.map((prompt, index) => {
  const outputDirectory = resolve(`result-${index + 1}`);
  return { prompt, provider, harness, workspace, home, outputDirectory };
});
const settled = await runAll(specs, { concurrency: 2, budget: limit });

for (const [index, one] of settled.entries()) {
  if (one.status === "rejected") throw one.reason;
  const result = one.value;
  const verification = await verifyRun({
    ...{ result, provider, home, layers: [harness.template()] },
    runDirectory: join(home, "runs", result.runId),
    command: "node --test",
  });
  const { verdict = verification.passed ? "passed" : "failed" } = verification;
  const files = result.files?.manifest.length ?? 0;
  process.stdout.write(`${prompts[index]}: ${result.outcome}, ${verdict}, ${files} changed files\n`);
}
process.stdout.write(`spent ${limit.spentUsd.toFixed(4)} of 10 USD\n`);
