import { join } from "node:path";
import type { Cleanup } from "../events/run-event.ts";
import { collectWorkspace } from "../files/collect-workspace.ts";
import { defaultIgnores } from "../files/default-ignores.ts";
import type { SandboxInfo } from "../provider/sandbox.ts";
import type { SandboxProvider } from "../provider/sandbox-provider.ts";
import { Journal, journalFile, readEvents } from "./journal.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { Redactor } from "./redactor.ts";
import type { RunLock } from "./run-lock.ts";
import { type RunRecord, readRecord, readResult, writeResult } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";

const leaseMs = 5 * 60_000;
/** What is left to a sandbox whose files could not be brought back, until it stops again and can be tried anew. */
const lastLeaseMs = 1000;
const abandonedReason = "The process that ran it ended before the run did";

interface RecoverOptions {
  readonly home: string;
  readonly runId: string;
  readonly provider: SandboxProvider;
  readonly info: SandboxInfo;
  readonly lock: RunLock;
  readonly signal?: AbortSignal;
}

/** Brings back the files of a run that nobody holds, unless they are back already, and removes its sandbox. */
export async function recoverRun(options: RecoverOptions): Promise<{ readonly directory: string | undefined }> {
  const { home, runId, provider, info, lock } = options;
  const runDir = join(home, "runs", runId);
  const record = readRecord(runDir);
  const earlier = readResult(runDir);
  const call = options.signal === undefined ? {} : { signal: options.signal };
  const files = earlier?.files?.complete ? undefined : await collect(options, record);
  lock.assertCurrent();
  await provider.destroy(info.id, call);
  settle({ runDir, runId, lock, record, earlier, files, info, cleanup: { state: "clean" } });
  return { directory: files?.directory };
}

async function collect(
  options: RecoverOptions,
  record: RunRecord | undefined,
): Promise<NonNullable<RunResult["files"]>> {
  const { home, runId, provider, info, lock } = options;
  const call = options.signal === undefined ? {} : { signal: options.signal };
  const sandbox = await provider.connect(info.id, { ...call, wakeForMs: leaseMs });
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
      outputDir: record?.outputDir ?? join(home, "recovered", runId),
      runDir: join(home, "runs", runId),
      ...(record?.workspace === undefined ? {} : { workspace: record.workspace }),
      ignore: record?.ignore ?? defaultIgnores,
      limits: {
        ...(totalBytes === undefined ? {} : { totalBytes }),
        ...(fileBytes === undefined ? {} : { fileBytes }),
      },
      ...call,
    });
    if (error !== undefined) throw error;
    return files;
  } catch (error) {
    keeper.dispose();
    await sandbox.extend(lastLeaseMs).catch(() => {});
    throw error;
  } finally {
    keeper.dispose();
    await sandbox.close().catch(() => {});
  }
}

/** Ends the journal of a run whose process died and which has no sandbox. */
export function closeAbandoned(options: {
  readonly runDir: string;
  readonly runId: string;
  readonly lock: RunLock;
}): void {
  settle({
    ...options,
    record: readRecord(options.runDir),
    earlier: readResult(options.runDir),
    cleanup: { state: "clean" },
  });
}

interface Settlement {
  readonly runDir: string;
  readonly runId: string;
  readonly lock: RunLock;
  readonly record: RunRecord | undefined;
  readonly earlier: RunResult | undefined;
  readonly files?: RunResult["files"];
  readonly info?: SandboxInfo;
  readonly cleanup: Cleanup;
}

function settle(settlement: Settlement): void {
  const { runDir, runId, lock, record, earlier, files, info, cleanup } = settlement;
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
  writeResult(runDir, result);
  let hasEnded = false;
  readEvents(journalFile(runDir), (event) => {
    hasEnded ||= event.type === "run.end";
  });
  if (hasEnded) return;
  const journal = new Journal({ runDir, runId, lock, redactor: new Redactor([]) });
  journal.end({ type: "run.end", outcome: result.outcome, reason: result.reason, exitCode: result.exitCode, cleanup });
}
