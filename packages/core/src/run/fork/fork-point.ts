import { basename, join } from "node:path";
import { BoundedProvider } from "../../bounds/bounded-provider.ts";
import { SandboxError } from "../../errors/index.ts";
import { ownerLabel, runLabel, type Sandbox, type SandboxInfo } from "../../provider/sandbox.ts";
import type { SandboxProvider } from "../../provider/sandbox-provider.ts";
import type { Template } from "../../provider/template.ts";
import { DirectoryLock } from "../../state/directory-lock.ts";
import { safeName } from "../../text/safe-name.ts";
import { journalFile, readEvents } from "../journal/journal.ts";
import { runOfSandbox } from "../state/run-of-sandbox.ts";
import { readRecord, readResult } from "../state/run-record.ts";
import { readySnapshot, recordSnapshot, removeSnapshot } from "./kept-snapshots.ts";

/** How `forkPoint` finds the point. */
export interface ForkPointOptions {
  /** The state directory. */
  readonly home: string;
  /** The id of the run whose forks begin there. */
  readonly runId: string;
  /** Where the forks run. */
  readonly provider: SandboxProvider;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

/** Where the forks of a run begin. Disposing of it removes the snapshot that was made for it, once no sandbox needs it. */
export interface ForkPoint extends AsyncDisposable {
  /** Absent where the forks begin with the project, the files that the run brought back, and its conversation. */
  readonly snapshot?: Template;
  /** Why there is no snapshot, though the run has a sandbox. */
  readonly reason?: string;
}

/** The sandbox of the run, and who holds it. */
interface Source {
  readonly runDirectory: string;
  readonly sandboxId: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The run's own process works in it. */
  readonly isRunning: boolean;
}

const wakeForMs = 5 * 60_000;
const removeTimeoutMs = 2 * 60_000;

/**
 * Finds where the forks of a run begin: at the snapshot that the run made itself when it ended (`keepSnapshot`); or at one of
 * the sandbox that it has kept or works in, as it is at present. The sandbox stands still meanwhile; one that is paused or has
 * stopped is woken for it, and paused again if it was.
 */
export async function forkPoint(options: ForkPointOptions): Promise<ForkPoint> {
  const provider = BoundedProvider.of(options.provider);
  const ready = readySnapshot(join(options.home, "runs", basename(options.runId)), provider.id);
  if (ready !== undefined) return { snapshot: ready, [Symbol.asyncDispose]: async () => {} };
  const source = findSource(options);
  if (source === undefined) return withoutSnapshot();
  if ("reason" in source) return withoutSnapshot(source.reason);
  if (!provider.capabilities.snapshot || provider.removeSnapshot === undefined) {
    return withoutSnapshot(`the provider ${provider.id} takes no snapshots that could be removed again`);
  }
  const lock = source.isRunning ? undefined : DirectoryLock.tryAcquire(source.runDirectory);
  if (lock === undefined && !source.isRunning) return withoutSnapshot("another process uses its sandbox");
  try {
    options.onProgress?.("making a snapshot of the sandbox");
    const template = await takeSnapshot(provider, source, options.signal);
    const recorded = recordSnapshot(source.runDirectory, { madeFor: "fork", template });
    return { snapshot: template, [Symbol.asyncDispose]: () => dispose(recorded, template, provider) };
  } catch (error) {
    if (source.isRunning || options.signal?.aborted || !SandboxError.isInstance(error)) throw error;
    return withoutSnapshot(error.message);
  } finally {
    lock?.release();
  }
}

function withoutSnapshot(reason?: string): ForkPoint {
  return { ...(reason === undefined ? {} : { reason }), [Symbol.asyncDispose]: async () => {} };
}

/** What cannot be removed now, as a fork kept its sandbox, is removed with the run or by `reap`. */
async function dispose(
  recorded: { readonly directory: string; release(): void },
  template: Template,
  provider: SandboxProvider,
): Promise<void> {
  try {
    await removeSnapshot(recorded.directory, template, provider, AbortSignal.timeout(removeTimeoutMs));
  } catch {
    // Its record stays: the next `reap` tries again.
  } finally {
    recorded.release();
  }
}

/** The sandbox of the run, if there is one; with a reason where it cannot be used. */
function findSource({ home, runId: id, provider }: ForkPointOptions): Source | { readonly reason: string } | undefined {
  const runId = basename(id);
  const runDirectory = join(home, "runs", runId);
  const [record, result] = [readRecord(runDirectory), readResult(runDirectory)];
  if (record === undefined) return undefined;
  const isRunning = result === undefined && DirectoryLock.isHeld(runDirectory);
  const sandboxId = isRunning ? workingIn(runDirectory) : keptBy(result);
  if (sandboxId === undefined) return undefined;
  const createdFor = record.takenOver?.createdFor ?? runId;
  if (runOfSandbox(home, sandboxId, createdFor) !== runId) return undefined;
  if (record.providerId !== provider.id) return { reason: `its sandbox is on ${safeName(record.providerId)}` };
  const labels = { [runLabel]: createdFor, ...(record.owner === undefined ? {} : { [ownerLabel]: record.owner }) };
  return { runDirectory, sandboxId, labels, isRunning };
}

function keptBy(result: ReturnType<typeof readResult>): string | undefined {
  return result?.cleanup.state === "kept" ? result.cleanup.sandboxId : undefined;
}

/** The sandbox of a run under way, once its harness has a session. */
function workingIn(runDirectory: string): string | undefined {
  let sandboxId: string | undefined;
  let hasSession = false;
  readEvents(journalFile(runDirectory), (event) => {
    if (event.type === "sandbox.created") sandboxId = event.sandboxId;
    hasSession ||= event.type === "harness.session";
  });
  return hasSession ? sandboxId : undefined;
}

async function takeSnapshot(provider: SandboxProvider, source: Source, signal?: AbortSignal): Promise<Template> {
  const call = signal === undefined ? {} : { signal };
  const state = await stateOf(provider, source, call);
  const { wake, pause } = provider.capabilities;
  const isAsleep = state !== "running" && (wake || pause) && !source.isRunning;
  const sandbox = await provider.connect(source.sandboxId, { ...call, ...(isAsleep ? { wakeForMs } : {}) });
  try {
    return await sandbox.snapshot(call);
  } finally {
    await release(sandbox, state === "paused" && pause);
  }
}

async function stateOf(
  provider: SandboxProvider,
  { labels, sandboxId }: Source,
  call: { readonly signal?: AbortSignal },
): Promise<SandboxInfo["state"] | undefined> {
  for await (const info of provider.list({ labels }, call)) if (info.id === sandboxId) return info.state;
  return undefined;
}

/** A sandbox that was paused has no lease, which it would get by being woken. */
async function release(sandbox: Sandbox, wasPaused: boolean): Promise<void> {
  try {
    await (wasPaused ? sandbox.pause() : sandbox.close());
  } catch {
    // It lives on with the lease that it was woken with, and stops then.
  }
}
