import { dirname, join } from "node:path";
import { createRunStore, LeaseKeeper, type RunSummary } from "@glovebox/core";
import {
  InvalidOptionsError,
  type Sandbox,
  SandboxError,
  SandboxNotFoundError,
  type SandboxProvider,
} from "@glovebox/core/provider";
import { runSettings } from "@glovebox/core/run-settings";
import { stateDirectory } from "@glovebox/core/state";
import { findRun } from "../run/find-run.ts";
import { openRunProvider } from "../run/open-run-provider.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import { keepingLease } from "./keeping-lease.ts";

export interface EnterOptions {
  readonly reference: string | undefined;
  /** As it was given to the run, where the id in its record does not lead to it. */
  readonly provider: string | undefined;
  readonly terminal: Terminal;
  readonly signal?: AbortSignal;
  /** How long the lease is at least while someone is inside, in milliseconds. Default: that of a run. */
  readonly leaseMs?: number;
}

/** The sandbox of a run, seen by a process that is not the run's own. */
export interface Entered {
  readonly run: RunSummary;
  readonly provider: SandboxProvider;
  readonly sandbox: Sandbox;
}

/**
 * Connects to the sandbox of a run that is running, was kept or was left behind, and keeps its lease until `work` ends. One
 * that has stopped or is paused is started again. Changes nothing of the run: not its journal, and not what serves its
 * network.
 */
export async function enterSandbox<T>(options: EnterOptions, work: (entered: Entered) => Promise<T>): Promise<T> {
  const { terminal, leaseMs = runSettings.lease.default, signal } = options;
  const { run, sandboxId, provider } = await findSandbox(options);
  const call = signal === undefined ? {} : { signal };
  const sandbox = await provider.connect(sandboxId, call).catch(async (error: unknown) => {
    if (isGone(error)) throw sandboxGone(run);
    if (run.isAlive || !SandboxError.isInstance(error) || error.code !== "stopped") throw error;
    terminal.stderr.line(`Starting the sandbox of ${runName(run.runDirectory)} again`);
    return await provider.connect(sandboxId, { ...call, wakeForMs: leaseMs });
  });
  const keeper = new LeaseKeeper({
    sandbox: () => keepingLease(sandbox),
    leaseMs,
    isCurrent: () => true,
    onFailure: () => terminal.stderr.line("warning: The sandbox's lease could not be extended"),
  });
  try {
    return await work({ run, provider, sandbox });
  } finally {
    keeper.dispose();
    await sandbox.close().catch(() => {
      // Nothing follows on this handle.
    });
  }
}

/** The run of a reference, its sandbox and a provider that is ready. Throws where there is no sandbox to enter. */
export async function findSandbox({ reference, provider: name, terminal }: EnterOptions) {
  const store = createRunStore(stateDirectory(terminal.env));
  const run = await findRun(store, reference, terminal.cwd, (one) => one.isAlive || one.isLeftBehind);
  const { sandboxId } = run;
  if (run.isAlive && sandboxId === undefined) {
    const name = runName(run.runDirectory);
    throw new InvalidOptionsError(`The run ${name} has no sandbox yet`, {
      hint: `Follow it: glovebox logs -f ${name}`,
    });
  }
  if (sandboxId === undefined || !(run.isAlive || run.isLeftBehind)) throw sandboxGone(run);
  const { provider } = await openRunProvider(terminal, run, name);
  return { run, sandboxId, provider };
}

function isGone(error: unknown): boolean {
  return SandboxError.isInstance(error) && error.code === "not-found";
}

function sandboxGone({ runDirectory, takenOverBy }: RunSummary): SandboxNotFoundError {
  const name = runName(runDirectory);
  if (takenOverBy !== undefined) {
    const taker = runName(join(dirname(runDirectory), takenOverBy));
    return new SandboxNotFoundError(`The sandbox of ${name} was taken over by ${taker}, which continues it`, {
      hint: `Name that run instead of ${name}.`,
    });
  }
  return new SandboxNotFoundError(`The sandbox of ${name} is gone`, {
    hint: `Continue from its files and its conversation: glovebox resume ${name} "…". \`run --keep\` leaves a sandbox.`,
  });
}
