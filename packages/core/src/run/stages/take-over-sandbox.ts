import { basename, join } from "node:path";
import { SandboxError } from "../../errors/index.ts";
import type { CollectedFiles } from "../../files/manifest.ts";
import { carryBaseline } from "../../files/upload/carry-baseline.ts";
import type { EgressPolicy } from "../../provider/egress-policy.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import { DirectoryLock } from "../../state/directory-lock.ts";
import { safeName } from "../../text/safe-name.ts";
import type { RunContext } from "../context/run-context.ts";
import type { RunSpec } from "../run-spec.ts";
import type { SandboxFacts } from "../sandbox/sandbox-facts.ts";
import { runOfSandbox } from "../state/run-of-sandbox.ts";
import { readRecord, readResult, updateRecord } from "../state/run-record.ts";

/** The sandbox that the earlier run kept. */
interface Kept {
  readonly runId: string;
  readonly runDirectory: string;
  readonly providerId: string;
  readonly sandboxId: string;
  readonly createdFor: string;
  readonly owner: string | undefined;
  readonly facts: SandboxFacts;
  /** What the earlier run brought back of it. */
  readonly files: CollectedFiles | undefined;
}

interface TakeOverOptions {
  /** What the run requires of a sandbox. */
  readonly facts: SandboxFacts;
  readonly egress: EgressPolicy;
}

/**
 * Takes over the sandbox that the run to be continued has kept. `undefined` where there is none that fits, with a warning that
 * says why: then the run gets a new one. The other run's lock is held meanwhile: nobody reaps the sandbox or takes it too. It
 * is the other run's until this one's record says otherwise, in one write and after everything that can fail.
 */
export async function takeOverSandbox(run: RunContext, options: TakeOverOptions): Promise<Sandbox | undefined> {
  const kept = readKept(run.spec);
  if (kept === undefined) return undefined;
  if (kept.providerId !== run.spec.provider.id) return decline(run, kept, `it is on ${safeName(kept.providerId)}`);
  const lock = DirectoryLock.tryAcquire(kept.runDirectory);
  if (lock === undefined) return decline(run, kept, "another process uses it");
  try {
    const holder = runOfSandbox(run.spec.home, kept.sandboxId, kept.createdFor);
    if (holder !== kept.runId) return undefined;
    const reason = await whyNot(run, kept, options);
    if (reason !== undefined) return decline(run, kept, reason);
    return await take(run, kept, { ...options, lock });
  } catch (error) {
    if (run.cancellation.reason !== undefined || !SandboxError.isInstance(error)) throw error;
    return decline(run, kept, error.message);
  } finally {
    lock.release();
  }
}

function decline({ reporter }: RunContext, { runId }: Kept, reason: string): undefined {
  reporter.warn("continue", `The kept sandbox of ${runId} is not used, so this run gets a new one: ${reason}`);
  return undefined;
}

function readKept({ continues, fork, home }: RunSpec): Kept | undefined {
  if (continues === undefined || fork !== undefined) return undefined;
  const runId = basename(continues);
  const runDirectory = join(home, "runs", runId);
  const [record, result] = [readRecord(runDirectory), readResult(runDirectory)];
  if (record === undefined || result?.cleanup.state !== "kept") return undefined;
  return {
    runId,
    runDirectory,
    providerId: record.providerId,
    sandboxId: result.cleanup.sandboxId,
    createdFor: record.takenOver?.createdFor ?? runId,
    owner: record.owner,
    facts: record.sandboxFacts ?? {},
    files: result.files,
  };
}

async function whyNot(run: RunContext, kept: Kept, { facts }: TakeOverOptions): Promise<string | undefined> {
  const { spec, runDirectory, owner, cancellation, reporter } = run;
  if (!kept.files?.complete) return "not everything in it was brought back";
  if (kept.owner !== owner) return "the state directory has another owner's id since";
  const others = Object.keys(facts).filter((name) => facts[name] !== kept.facts[name]);
  if (others.length > 0) return `this run has other settings (${others.join(", ")})`;
  if (spec.workspace === undefined) return undefined;
  reporter.progress("comparing the project with what went into the kept sandbox");
  const isSame = await carryBaseline({
    earlier: { runDirectory: kept.runDirectory, manifest: kept.files.manifest },
    runDirectory,
    workspace: spec.workspace,
    home: spec.home,
    signal: cancellation.stopping,
  });
  return isSame ? undefined : "the project has changed since";
}

/** Connects and proves that the sandbox lives, then records whose it is. */
async function take(
  run: RunContext,
  kept: Kept,
  { egress, lock }: TakeOverOptions & { readonly lock: DirectoryLock },
): Promise<Sandbox> {
  const { spec, runDirectory, monitor, leaseMs, reporter, cancellation } = run;
  const signal = cancellation.stopping;
  const { wake, pause } = spec.provider.capabilities;
  const connect = () =>
    spec.provider.connect(kept.sandboxId, {
      signal,
      egress,
      egressObserver: monitor.observer,
      ...(wake || pause ? { wakeForMs: leaseMs } : {}),
    });
  const handle = await reporter.retry("connecting to the kept sandbox", connect, signal);
  try {
    await handle.extend(leaseMs, { signal });
    lock.assertCurrent();
    run.lock.assertCurrent();
    const { sandboxId, runId: fromRunId, createdFor } = kept;
    updateRecord(runDirectory, { takenOver: { sandboxId, fromRunId, createdFor } });
  } catch (error) {
    await handle.close().catch(() => {});
    throw error;
  }
  reporter.progress(`using the kept sandbox of ${kept.runId}`);
  return handle;
}
