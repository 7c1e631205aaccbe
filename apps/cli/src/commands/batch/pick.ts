import { Command } from "commander";
import type { PickOptions } from "../../batch/results/pick-batch.ts";
import type { Cli } from "../../cli.ts";
import { batchReference } from "../../options/batch-reference.ts";

/** `glovebox batch pick`. */
export function batchPickCommand(cli: Cli): Command {
  return new Command("pick")
    .summary("apply the best candidate for a prompt")
    .description(
      "Choose among the rows of one prompt that passed their verification: the smallest change, then the cheapest, or what a " +
        "judge of yours names. Then apply it as `glovebox apply` does. Exit code 1 means that no candidate may be taken.",
    )
    .argument("[batch]", `${batchReference} (default: the newest)`)
    .option("--group <name>", "the group of rows, where the batch has several prompts")
    .option("--unverified", "also take a candidate that has no verification, or failed it")
    .option(
      "--judge <command>",
      "a command that gets the candidates as JSON on standard input and prints the id of one as its last line",
    )
    .option("--target <dir>", "the directory to write to (default: the row's workspace)")
    .option("--force", "also overwrite what has changed since the run began")
    .option("--dry-run", "print what would be written, and write nothing")
    .option("-y, --yes", "skip the prompt")
    .option("--json", "print the choice, the plan and the report, one object per line")
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox batch pick --dry-run\n  glovebox batch pick --yes\n  glovebox batch pick 1 --group r001 --judge ./judge.sh\n",
    )
    .action(
      cli.act(async (reference = "1", options: PickOptions) => {
        const { pickFromBatch } = await import("../../batch/results/pick-batch.ts");
        return await pickFromBatch(reference, options, cli.terminal);
      }),
    );
}
