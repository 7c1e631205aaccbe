import { Command } from "commander";
import type { ResumeOptions } from "../../batch/resume-batch.ts";
import type { Cli } from "../../cli.ts";
import { batchReference } from "../../options/batch-reference.ts";
import { limitFlags } from "./batch-flags.ts";

/** `glovebox batch resume`. */
export function resumeBatchCommand(cli: Cli): Command {
  const command = new Command("resume")
    .summary("continue a batch that was stopped, or whose process died")
    .description(
      "Run the rows of a batch that have not ended. Runs whose process died are recovered first: their files come back, and the " +
        "row runs again unless its run had ended. What was spent counts against the budget.",
    )
    .argument("[batch]", `${batchReference} (default: the newest that can be resumed)`)
    .option("--failed", "run the rows again that failed or were not verified");
  for (const option of limitFlags()) command.addOption(option.helpGroup("Options:"));
  return command
    .option("--json", "print every event of the batch to stdout, one JSON object per line")
    .option("-q, --quiet", "print only warnings and the last line")
    .action(
      cli.act(async (reference: string | undefined, options: ResumeOptions) => {
        const { resumeBatchCommand: resume } = await import("../../batch/resume-batch.ts");
        return await resume(reference, options, cli.terminal);
      }),
    );
}
