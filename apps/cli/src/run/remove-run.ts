import { hasSnapshots, type RunStore, type RunSummary, removeSnapshots } from "@glovebox/core";
import { InvalidOptionsError, type SandboxProvider } from "@glovebox/core/provider";
import { DirectoryLock } from "@glovebox/core/state";
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
    if (run.sandboxId !== undefined) await removeSandbox(provider, run.sandboxId, options);
  }
  await removeOwnSnapshots(run, options);
  await store.remove(run.runId);
}

async function removeOwnSnapshots(
  run: RunSummary,
  { provider: name, terminal }: { readonly provider: string | undefined; readonly terminal: Terminal },
): Promise<void> {
  if (run.isAlive || !hasSnapshots(run.runDirectory)) return;
  const { provider } = await openRunProvider(terminal, run, name);
  const left = await removeSnapshots(run.runDirectory, provider, { all: true });
  if (left === 0) return;
  throw new InvalidOptionsError(`Sandboxes still need the snapshot of ${runName(run.runDirectory)}`, {
    hint: "Remove its forks first: `glovebox ps` lists them.",
  });
}

/** Under the run's lock: a run that continues it may be about to take the sandbox over, or has done so. */
async function removeSandbox(
  provider: SandboxProvider,
  sandboxId: string,
  { store, run: { runId, runDirectory } }: { readonly store: RunStore; readonly run: RunSummary },
): Promise<void> {
  const lock = DirectoryLock.tryAcquire(runDirectory);
  if (lock === undefined) {
    throw new InvalidOptionsError(`Another process uses the sandbox of ${runName(runDirectory)} at the moment`, {
      hint: "Try again.",
    });
  }
  try {
    const hasEnded = (await store.result(runId)) !== undefined;
    if (!hasEnded || (await store.get(runId)).isLeftBehind) await provider.destroy(sandboxId);
  } finally {
    lock.release();
  }
}
