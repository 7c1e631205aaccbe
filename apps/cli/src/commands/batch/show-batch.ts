import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { batchReference } from "../../options/batch-reference.ts";

/** `glovebox batch show`. */
export function showBatchCommand(cli: Cli): Command {
  return new Command("show")
    .summary("show the rows of a batch")
    .description("Show the rows of a batch with their states, failures first; also while it is running.")
    .argument("[batch]", `${batchReference} (default: the newest)`)
    .option("-a, --all", "also every row that succeeded")
    .option("--json", "print one object per row")
    .action(
      cli.act(async (reference: string | undefined, options: { readonly json?: boolean; readonly all?: boolean }) => {
        const { showBatch } = await import("../../batch/list-batches.ts");
        return showBatch(reference, options, cli.terminal);
      }),
    );
}
