import type { RunStore } from "@glovebox/core";
import { SandboxError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
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
        const { createRunStore } = await import("@glovebox/core");
        const { removeRun } = await import("../run/remove-run.ts");
        const store = createRunStore(stateDirectory(cli.terminal.env));
        // Resolve all before removing the first: numbers keep their meaning.
        const found = await Promise.all(references.map((reference) => find(store, reference, options.force ?? false)));
        for (const [runId, run] of new Map(found.map((one) => [one.runId, one.run]))) {
          if (run === undefined) await store.remove(runId);
          else {
            const { force = false, provider } = options;
            await removeRun({ store, run, force, provider, terminal: cli.terminal });
          }
          cli.terminal.stdout.line(runId);
        }
        return 0;
      }),
    );
}

/** With `force` also a run whose files are damaged: only its id is known then. `reap` finds its sandbox. */
async function find(store: RunStore, reference: string, force: boolean) {
  try {
    const run = await store.get(reference);
    return { runId: run.runId, run };
  } catch (error) {
    if (!force || !SandboxError.isInstance(error) || error.code !== "file") throw error;
    return { runId: reference };
  }
}
