import type { RunStore, RunSummary } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import { openRunProvider } from "./open-run-provider.ts";

/** Removes what is left of a run: its sandbox, then its journal. Work that was never brought back needs `force`. */
export async function removeRun(options: {
  readonly store: RunStore;
  readonly run: RunSummary;
  readonly force: boolean;
  /** As it was given to the run, where the id in its record does not lead to it. */
  readonly provider: string | undefined;
  readonly terminal: Terminal;
}): Promise<void> {
  const { store, run, force, terminal } = options;
  if (run.isLeftBehind && !run.isAlive) {
    const result = await store.result(run.runId);
    if (result?.files === undefined && !force) {
      const name = runName(run.runDirectory);
      throw new InvalidOptionsError(`The sandbox of ${name} may hold work that was never brought back`, {
        hint: `Bring it back with \`glovebox reap ${name}\`, or give it up with --force.`,
      });
    }
    const { provider } = await openRunProvider(terminal, run, options.provider);
    if (run.sandboxId !== undefined) await provider.destroy(run.sandboxId);
  }
  await store.remove(run.runId);
}
