import { Command } from "commander";
import type { Cli } from "../../cli.ts";

/** `glovebox batch list`. */
export function listBatchesCommand(cli: Cli): Command {
  return new Command("list")
    .alias("ls")
    .summary("list batches")
    .description("List batches, newest first.")
    .option("--json", "print one object per line")
    .action(
      cli.act(async (options: { readonly json?: boolean }) => {
        const { listBatches } = await import("../../batch/list-batches.ts");
        return listBatches(options, cli.terminal);
      }),
    );
}
