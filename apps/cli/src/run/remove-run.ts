import type { RunStore, RunSummary } from "@glovebox/core";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import type { Terminal } from "../terminal.ts";
import { openProvider } from "./open-provider.ts";

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
      throw new InvalidOptionsError(`The sandbox of ${run.runId} may hold work that was never brought back`, {
        hint: `Bring it back with \`glovebox reap ${run.runId}\`, or give it up with --force.`,
      });
    }
    const loaded = await openProvider(terminal, { provider: options.provider ?? run.providerId }).catch((error) => {
      if (options.provider !== undefined || !SandboxError.isInstance(error)) throw error;
      // A provider's id does not lead to one that was given by a path.
      const hint = `Give --provider as it was given to the run.`;
      throw new InvalidOptionsError(error.message, { hint, cause: error });
    });
    await loaded.requireSetUp();
    if (run.sandboxId !== undefined) await loaded.provider.destroy(run.sandboxId);
  }
  await store.remove(run.runId);
}
