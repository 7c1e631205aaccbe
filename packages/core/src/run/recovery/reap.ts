import { join } from "node:path";
import { BoundedProvider } from "../../bounds/bounded-provider.ts";
import { SandboxError } from "../../errors/index.ts";
import { makeHostDirectorySync } from "../../host-files/make-host-directory.ts";
import { ownerLabel, runLabel, type SandboxInfo } from "../../provider/sandbox.ts";
import type { SandboxProvider } from "../../provider/sandbox-provider.ts";
import { DirectoryLock } from "../../state/directory-lock.ts";
import { stateDirectory } from "../../state/state-directory.ts";
import { removeSnapshots } from "../fork/kept-snapshots.ts";
import { readOwner } from "../state/owner.ts";
import { runNames } from "../state/run-names.ts";
import { runOfSandbox } from "../state/run-of-sandbox.ts";
import { type RunRecord, readRecord, readResult } from "../state/run-record.ts";
import { createRunStore, type RunSummary } from "../state/run-store.ts";
import { closeWithoutSandbox, recoverRun } from "./recover-run.ts";

/** How `reap` recovers. Only the provider is required. */
export interface ReapOptions {
  /** The state directory whose runs are recovered. `$GLOVEBOX_HOME` or `~/.glovebox` by default. */
  readonly home?: string;
  readonly provider: SandboxProvider;
  /** Only this run; and although its lease has not ended, as long as no process holds it. */
  readonly runId?: string;
  readonly signal?: AbortSignal;
}

/** What `reap` did. */
export interface ReapReport {
  /** Runs whose files were brought back, and where to. */
  readonly collected: readonly { readonly runId: string; readonly directory: string }[];
  /** Sandboxes that are gone. */
  readonly removed: readonly string[];
  /** Sandboxes of this owner that were not touched, and why. */
  readonly left: readonly LeftSandbox[];
}

/** A sandbox that `reap` did not touch or could not recover, and why. */
export interface LeftSandbox {
  readonly sandboxId: string;
  readonly runId: string;
  readonly reason: string;
  /** True when it was tested and failed; false when it may not be touched yet. */
  readonly failed: boolean;
}

/**
 * Finishes what this owner's dead processes left: brings a sandbox's files back, then removes it. Touches nothing of
 * another owner, nothing that a living process holds, and nothing whose lease may still be active.
 */
export async function reap(options: ReapOptions): Promise<ReapReport> {
  const { home = stateDirectory() } = options;
  const provider = BoundedProvider.of(options.provider);
  const report = {
    collected: [] as { runId: string; directory: string }[],
    removed: [] as string[],
    left: [] as LeftSandbox[],
  };
  const call = options.signal === undefined ? {} : { signal: options.signal };
  const seen = new Set<string>();
  // What was dead before the list was made has made nothing since.
  const dead = (await createRunStore(home).list()).filter(({ isAlive }) => !isAlive);
  for await (const info of ownSandboxes({ ...options, home, provider })) {
    const createdFor = info.labels[runLabel];
    if (createdFor === undefined || !/^[a-z0-9-]{1,63}$/.test(createdFor)) continue;
    const runId = runOfSandbox(home, info.id, createdFor);
    if (options.runId !== undefined && runId !== options.runId) continue;
    seen.add(runId);
    const runDirectory = join(home, "runs", runId);
    makeHostDirectorySync(runDirectory, 0o700);
    if (DirectoryLock.isHeld(runDirectory)) continue;
    const unclear = options.runId === undefined && !isLeft(runDirectory) ? whyNotYet(info) : undefined;
    const lock = unclear === undefined ? DirectoryLock.tryAcquire(runDirectory) : undefined;
    if (unclear !== undefined) report.left.push({ sandboxId: info.id, runId, reason: unclear, failed: false });
    if (lock === undefined) continue;
    try {
      // Until the lock was taken, another run may have taken the sandbox over.
      if (runOfSandbox(home, info.id, createdFor) !== runId) continue;
      const { directory } = await recoverRun({ home, runId, provider, info, lock, ...call });
      report.removed.push(info.id);
      if (directory !== undefined) report.collected.push({ runId, directory });
    } catch (error) {
      report.left.push({ sandboxId: info.id, runId, reason: (error as Error).message, failed: true });
      if (SandboxError.isInstance(error) && error.code === "aborted") return report;
    } finally {
      lock.release();
    }
  }
  await provider.sweep(call);
  for (const name of options.runId === undefined ? runNames(home) : [options.runId]) {
    await removeSnapshots(join(home, "runs", name), provider, { all: false, ...call });
  }
  closeRunsWithoutSandbox(
    options,
    dead.filter(({ runId }) => !seen.has(runId)),
  );
  return report;
}

/**
 * Whether the run has ended and could not remove its sandbox. Nobody uses that any more, and its lease may never end: one
 * that is frozen does not count the time.
 */
function isLeft(runDirectory: string): boolean {
  try {
    return readResult(runDirectory)?.cleanup.state === "left";
  } catch {
    // Damaged: nobody can say that the run has ended.
    return false;
  }
}

/** Why a sandbox may not be touched yet; undefined when its lease has certainly ended. */
function whyNotYet(info: SandboxInfo): string | undefined {
  if (info.state !== "stopped") return `it is ${info.state}: its lease may still be active`;
  if (info.leaseEndsAt !== undefined && info.leaseEndsAt.getTime() > Date.now()) return "its lease has not ended";
  return undefined;
}

/** Sandboxes of this state directory: under its owner's id, and under one that it had when a run of it began. */
async function* ownSandboxes(options: ReapOptions & { readonly home: string }): AsyncGenerator<SandboxInfo> {
  const { home, provider, runId, signal } = options;
  const owners = new Set([readOwner(home)]);
  for (const name of runNames(home)) {
    const owner = legibleRecord(join(home, "runs", name))?.owner;
    if (owner !== undefined && (runId === undefined || runId === name)) owners.add(owner);
  }
  const label = runId && (legibleRecord(join(home, "runs", runId))?.takenOver?.createdFor ?? runId);
  for (const owner of owners) {
    const labels = { [ownerLabel]: owner, ...(label === undefined ? {} : { [runLabel]: label }) };
    yield* provider.list({ labels }, signal === undefined ? {} : { signal });
  }
}

function legibleRecord(runDirectory: string): RunRecord | undefined {
  try {
    return readRecord(runDirectory);
  } catch {
    // Damaged: `ps` names the file. A sandbox of it is under the directory's own id, or nobody can say whose it is.
    return undefined;
  }
}

/**
 * Runs whose process died before or after their sandbox lived, and runs that say that one is left which is not there any
 * more, by whoever's hand: the record of each gets its end. The list of the provider's sandboxes was whole.
 */
function closeRunsWithoutSandbox({ runId, provider }: ReapOptions, dead: readonly RunSummary[]): void {
  for (const summary of dead) {
    if (runId !== undefined && runId !== summary.runId) continue;
    if (summary.outcome !== undefined && !summary.isLeftBehind) continue;
    if (summary.providerId !== provider.id) continue;
    const lock = DirectoryLock.tryAcquire(summary.runDirectory);
    if (lock === undefined) continue;
    try {
      closeWithoutSandbox(summary.runDirectory, summary.runId, lock);
    } finally {
      lock.release();
    }
  }
}
