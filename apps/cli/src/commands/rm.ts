import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { runReference } from "../options/run-reference.ts";
import type { ProviderOptions } from "../run/open-provider.ts";

interface RmOptions extends ProviderOptions {
  readonly force?: boolean;
}

/** `glovebox rm`. */
export function rmCommand(cli: Cli): Command {
  return new Command("rm")
    .summary("delete runs and remove what is left of their sandboxes")
    .description("Delete the record of a run, and remove its sandbox if one is left. The collected files stay.")
    .argument("<run...>", runReference)
    .option("--provider <name>", "the provider as it was given to the run, when its id is not an installed short name")
    .option("--force", "even if the files of its sandbox were never collected")
    .action(
      cli.act(async (references: readonly string[], options: RmOptions) => {
        const { openRuns } = await import("../runs/runs.ts");
        const { force = false, provider } = options;
        const runs = await openRuns(cli.terminal);
        // Resolve all before removing the first: numbers keep their meaning.
        const found = await Promise.all(references.map((reference) => runs.removable(reference, { force, provider })));
        for (const [runId, run] of new Map(found.map((one) => [one.runId, one]))) {
          await run.remove();
          cli.terminal.stdout.line(runId);
        }
        return 0;
      }),
    );
}
