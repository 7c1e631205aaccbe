import { Command } from "commander";
import type { CompareOptions } from "../../batch/results/compare-batch.ts";
import type { Cli } from "../../cli.ts";
import { batchReference } from "../../options/batch-reference.ts";

/** `glovebox batch compare`. */
export function batchCompareCommand(cli: Cli): Command {
  return new Command("compare")
    .summary("compare the candidates for a prompt")
    .description(
      "Show the rows of one prompt side by side: outcome, verification, cost, time, tokens, and how much each changed.",
    )
    .argument("[batch]", `${batchReference} (default: the newest)`)
    .option("--group <name>", "the group of rows, where the batch has several prompts")
    .option("--diff", "also the changed lines of each file")
    .option("--json", "print one object per candidate")
    .addHelpText("after", "\nExamples:\n  glovebox batch compare\n  glovebox batch compare 1 --group r001 --diff\n")
    .action(
      cli.act(async (reference = "1", options: CompareOptions) => {
        const { compareBatch } = await import("../../batch/results/compare-batch.ts");
        return await compareBatch(reference, options, cli.terminal);
      }),
    );
}
