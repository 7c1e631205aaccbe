import { join } from "node:path";
import { SandboxError } from "../../errors/index.ts";
import type { Cleanup, RunPhase } from "../../events/run-event.ts";
import { collectWorkspace } from "../../files/collect/collect-workspace.ts";
import { defaultIgnores } from "../../files/ignore/default-ignores.ts";
import type { CollectedFiles, SkippedEntry } from "../../files/manifest.ts";
import type { SandboxInfo } from "../../provider/sandbox.ts";
import type { SandboxProvider } from "../../provider/sandbox-provider.ts";
import type { DirectoryLock } from "../../state/directory-lock.ts";
import { collectSession } from "../continuation/collect-session.ts";
import { exitCodeOf } from "../exit-code.ts";
import { journalFile, readEvents } from "../journal/journal.ts";
import type { RunResult } from "../run-result.ts";
import { endJournal } from "../state/finish-record.ts";
import { type RunRecord, readOutcome, readRecord, replaceResult, writeDraft } from "../state/run-record.ts";
import { LeaseKeeper } from "./lease-keeper.ts";

const leaseMs = 5 * 60_000;
/** What is left to a sandbox whose files could not be brought back, until it stops again and can be tried again. */
const lastLeaseMs = 1000;
const lastLeaseTimeoutMs = 10_000;
const collectTimeoutMs = 60 * 60_000;
const abandonedReason = "The process that ran it ended before the run did";

/** Whether a result was written by recovery, because the process of the run died before the run ended. */
export function wasAbandoned({ outcome, reason }: Pick<RunResult, "outcome" | "reason">): boolean {
  return outcome === "failed" && reason === abandonedReason;
}

interface RecoverOptions {
  readonly home: string;
  readonly runId: string;
  readonly provider: SandboxProvider;
  readonly info: SandboxInfo;
  readonly lock: DirectoryLock;
  readonly signal?: AbortSignal;
}

/** Brings back the files of a run that nobody holds, unless they are back already, and removes its sandbox. */
export async function recoverRun(options: RecoverOptions): Promise<{ readonly directory: string | undefined }> {
  const { home, runId, provider, info, lock } = options;
  const runDirectory = join(home, "runs", runId);
  const record = legible(readRecord, runDirectory);
  const earlier = legible(readOutcome, runDirectory)?.result;
  const call = options.signal === undefined ? {} : { signal: options.signal };
  // One that was taken over holds what was done in it since it was kept.
  const pathExists = earlier?.files?.complete || (record?.takenOver === undefined && holdsNoWork(runDirectory));
  const files = pathExists ? undefined : await collect(options, record);
  lock.assertCurrent();
  const known = { runDirectory, runId, record, earlier, files, info };
  // What cannot be recorded is not destroyed: then this throws.
  const reason = "its process ended before it was removed";
  writeDraft(
    runDirectory,
    settled({ ...known, cleanup: { state: "left", providerId: provider.id, sandboxId: info.id, reason } }),
  );
  await provider.destroy(info.id, call);
  publish(runDirectory, settled({ ...known, cleanup: { state: "clean" } }), lock);
  return { directory: files?.directory };
}

/** Whether the harness never started, by a journal that says how far the run came: half an upload is no work of an agent's. */
function holdsNoWork(runDirectory: string): boolean {
  const phases = new Set<RunPhase>();
  readEvents(journalFile(runDirectory), (event) => {
    if (event.type === "run.state") phases.add(event.to);
  });
  return phases.has("creating") && !phases.has("running");
}

/** One that is damaged cannot help: the files are brought back again, and it is set aside when a new one is written. */
function legible<T>(read: (runDirectory: string) => T | undefined, runDirectory: string): T | undefined {
  try {
    return read(runDirectory);
  } catch (error) {
    if (SandboxError.isInstance(error)) return undefined;
    throw error;
  }
}

/** Brings the files back; `undefined` if something removed the sandbox after it was listed. */
async function collect(options: RecoverOptions, record: RunRecord | undefined): Promise<CollectedFiles | undefined> {
  const { home, runId, provider, info, lock } = options;
  const tooLong = AbortSignal.timeout(collectTimeoutMs);
  const call = { signal: options.signal === undefined ? tooLong : AbortSignal.any([tooLong, options.signal]) };
  const sandbox = await provider.connect(info.id, { ...call, wakeForMs: leaseMs }).catch(ifNotGone);
  if (sandbox === undefined) return undefined;
  const keeper = new LeaseKeeper({
    sandbox: () => sandbox,
    leaseMs,
    isCurrent: () => lock.isCurrent(),
    onFailure: () => {},
  });
  try {
    await sandbox.quiesce(call);
    const { totalBytes, fileBytes } = record?.limits ?? {};
    const { files, error } = await collectWorkspace(sandbox, {
      outputDirectory: record?.outputDirectory ?? join(home, "recovered", runId),
      runDirectory: join(home, "runs", runId),
      home,
      fallbackDirectory: join(home, "recovered", runId),
      ...(record?.overwrite === undefined ? {} : { overwrite: record.overwrite }),
      ...(record?.workspace === undefined ? {} : { workspace: record.workspace }),
      ignore: record?.ignore ?? defaultIgnores,
      limits: {
        ...(totalBytes === undefined ? {} : { totalBytes }),
        ...(fileBytes === undefined ? {} : { fileBytes }),
      },
      ...call,
    });
    if (error !== undefined) throw error;
    const directory = record?.sessionDirectory;
    if (directory !== undefined) {
      await collectSession(sandbox, { directory, runDirectory: join(home, "runs", runId), ...call }).catch(() => {
        // The files are back: without the conversation the run only cannot be continued.
      });
    }
    return files;
  } catch (error) {
    keeper.dispose();
    await sandbox.extend(lastLeaseMs, { signal: AbortSignal.timeout(lastLeaseTimeoutMs) }).catch(() => {});
    throw error;
  } finally {
    keeper.dispose();
    await sandbox.close().catch(() => {});
  }
}

function ifNotGone(error: unknown): undefined {
  if (SandboxError.isInstance(error) && error.code === "not-found") return undefined;
  throw error;
}

/** Ends the record of a run that nobody holds and whose sandbox is gone, or never was. */
export function closeWithoutSandbox(runDirectory: string, runId: string, lock: DirectoryLock): void {
  const [record, earlier] = [readRecord(runDirectory), readOutcome(runDirectory)?.result];
  publish(runDirectory, settled({ runDirectory, runId, record, earlier, cleanup: { state: "clean" } }), lock);
}

interface Settlement {
  readonly runDirectory: string;
  readonly runId: string;
  readonly record: RunRecord | undefined;
  readonly earlier: RunResult | undefined;
  readonly files?: CollectedFiles | undefined;
  readonly info?: SandboxInfo;
  readonly cleanup: Cleanup;
}

function settled({ runId, record, earlier, files, info, cleanup }: Settlement): RunResult {
  const startedAt = record?.startedAt ?? new Date().toISOString();
  const result: RunResult = {
    v: 1,
    runId,
    outcome: "failed",
    reason: abandonedReason,
    exitCode: 4,
    providerId: record?.providerId ?? info?.providerId ?? "unknown",
    harnessId: record?.harnessId ?? "unknown",
    startedAt,
    durationMs: Date.now() - Date.parse(startedAt),
    ...earlier,
    ...(info === undefined ? {} : { sandboxId: info.id }),
    ...(files === undefined ? {} : { files }),
    cleanup,
  };
  const complete = result.files === undefined || (result.files.complete && !result.files.skipped.some(isPastLimit));
  const exitCode =
    result.outcome === "succeeded" ? exitCodeOf({ outcome: "succeeded", cleanup, complete }) : result.exitCode;
  return { ...result, exitCode };
}

function isPastLimit({ pastLimit }: SkippedEntry): boolean {
  return pastLimit === true;
}

function publish(runDirectory: string, result: RunResult, lock: DirectoryLock): void {
  replaceResult(runDirectory, result);
  endJournal(runDirectory, result, lock);
}
