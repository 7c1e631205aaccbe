import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { batchReference } from "../../options/batch-reference.ts";

/** `glovebox batch stop`. */
export function stopBatchCommand(cli: Cli): Command {
  return new Command("stop")
    .summary("stop a running batch")
    .description("Stop a running batch the way Ctrl-C would in its own terminal, and wait for its end.")
    .argument("[batch]", `${batchReference} (default: the newest that is running)`)
    .option("--force", "destroy the sandboxes at once; uncollected files are discarded")
    .action(
      cli.act(async (reference: string | undefined, options: { readonly force?: boolean }) => {
        const { stopBatch } = await import("../../batch/stop-batch.ts");
        return await stopBatch(reference, options, cli.terminal);
      }),
    );
}
