import { stateDirectory } from "@glovebox/core/state";
import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { batchReference } from "../../options/batch-reference.ts";

/** `glovebox batch rm`. */
export function removeBatchCommand(cli: Cli): Command {
  return new Command("rm")
    .summary("delete the records of batches")
    .description("Delete the records of batches. Their runs stay (`glovebox ps`), and so do the collected files.")
    .argument("<batch...>", batchReference)
    .action(
      cli.act(async (references: readonly string[]) => {
        const { createBatchStore } = await import("@glovebox/batch");
        const store = createBatchStore(stateDirectory(cli.terminal.env));
        // Resolve all before removing the first: numbers keep their meaning.
        for (const { id } of references.map((reference) => store.get(reference))) {
          store.remove(id);
          cli.terminal.stdout.line(id);
        }
        return 0;
      }),
    );
}
