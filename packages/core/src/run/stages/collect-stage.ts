import { join } from "node:path";
import { SandboxError, type SandboxErrorCode } from "../../errors/index.ts";
import { collectWorkspace } from "../../files/collect/collect-workspace.ts";
import { defaultIgnores } from "../../files/ignore/default-ignores.ts";
import type { CollectedFiles } from "../../files/manifest.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import type { RunContext } from "../context/run-context.ts";
import { collectSession } from "../continuation/collect-session.ts";
import { fullDiskWarnings } from "../disk-space.ts";
import { asSandboxError } from "../failure.ts";
import type { RunSandbox } from "../sandbox/run-sandbox.ts";
import type { Ran } from "./harness-stage.ts";

/** What was brought back. */
export interface Collected {
  readonly files?: CollectedFiles | undefined;
  /** Why the result is incomplete, where a retry could complete it. */
  readonly error?: SandboxError | undefined;
}

const quiesceTimeoutMs = 30_000;
const reconnectTimeoutMs = 90_000;
const collectTimeoutMs = 60 * 60_000;
const sessionTimeoutMs = 60_000;
const worthReconnecting: ReadonlySet<SandboxErrorCode> = new Set(["lost", "unavailable", "timeout", "stopped"]);

/** Ends everything in the sandbox and brings its files back. Has a signal of its own: a cancelled run is collected too. */
export async function collectStage(run: RunContext, sandbox: RunSandbox, ran: Ran): Promise<Collected> {
  run.reporter.enter("collecting");
  const signal = AbortSignal.any([run.cancellation.aborted, AbortSignal.timeout(collectTimeoutMs)]);
  const collected = await collect(run, sandbox, ran, signal).catch(
    (error: unknown): Collected => ({ error: asSandboxError(error) }),
  );
  if (collected.error !== undefined) {
    run.reporter.warn("collect", `Not all files were brought back: ${collected.error.message}`);
  }
  return collected;
}

async function collect(run: RunContext, sandbox: RunSandbox, ran: Ran, signal: AbortSignal): Promise<Collected> {
  const { spec, runId, runDirectory, reporter } = run;
  await quiesce(sandbox, signal);
  const { handle } = sandbox;
  await warnOfOutOfMemory(run, handle, signal);
  await warnOfFullDisks(run, handle, ran, signal);
  const { overwrite, workspace, limits } = spec;
  const { files, error } = await collectWorkspace(handle, {
    outputDirectory: spec.outputDirectory,
    runDirectory,
    home: spec.home,
    fallbackDirectory: join(spec.home, "recovered", runId),
    ...dropUndefined({ overwrite, workspace, limits }),
    ignore: spec.ignore ?? defaultIgnores,
    signal,
    onProgress: (message, done, total) => reporter.progress(message, { done, total }),
    onWarning: (code, message) => reporter.warn(code, message),
  });
  publish(run, files);
  await keepSession(run, handle, signal);
  return { files, error };
}

/** Without it the run cannot be continued; its files are not touched by that. */
async function keepSession({ spec, runDirectory, reporter }: RunContext, handle: Sandbox, signal: AbortSignal) {
  const directory = spec.harness.sessions?.directory;
  if (directory === undefined) return;
  try {
    await collectSession(handle, { directory, runDirectory, signal: limited(signal, sessionTimeoutMs) });
  } catch (error) {
    reporter.warn(
      "session",
      `The conversation was not kept, so the run cannot be continued: ${(error as Error).message}`,
    );
  }
}

/** A broken or silent connection is replaced once, and a sandbox that has stopped is started again: its files are there. */
async function quiesce(sandbox: RunSandbox, signal: AbortSignal): Promise<void> {
  try {
    await sandbox.handle.quiesce({ signal: limited(signal, quiesceTimeoutMs) });
  } catch (error) {
    if (!SandboxError.isInstance(error) || !worthReconnecting.has(error.code)) throw error;
    const handle = await sandbox.reconnect(limited(signal, reconnectTimeoutMs), { wake: true });
    await handle.quiesce({ signal: limited(signal, quiesceTimeoutMs) });
  }
}

function limited(signal: AbortSignal, timeoutMs: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

async function warnOfOutOfMemory({ spec, reporter }: RunContext, handle: Sandbox, signal: AbortSignal): Promise<void> {
  if (!spec.provider.capabilities.stats) return;
  try {
    const { oomKills } = await handle.stats({ signal: limited(signal, 10_000) });
    if (oomKills === 0) return;
    const processes = oomKills === 1 ? "process was" : "processes were";
    reporter.warn("out-of-memory", `The memory limit was reached: ${oomKills} ${processes} ended`, {
      raise: "memoryMiB",
    });
  } catch {
    // The figures only serve a warning; collecting does not depend on them.
  }
}

async function warnOfFullDisks(
  { reporter }: RunContext,
  handle: Sandbox,
  { wasRefusedForSpace }: Ran,
  signal: AbortSignal,
): Promise<void> {
  try {
    const warnings = await fullDiskWarnings(handle, limited(signal, 15_000));
    for (const { message, remedy } of warnings) reporter.warn("disk-full", message, remedy);
    if (warnings.length > 0) return;
  } catch {
    // As above; a sandbox without `stat` cannot tell.
  }
  if (wasRefusedForSpace) {
    reporter.warn(
      "disk-full",
      "A tool could not write because a disk was full; at the end there is room. What it was to write may be missing",
    );
  }
}

function publish({ reporter }: RunContext, files: CollectedFiles): void {
  const count = (change: string) =>
    files.manifest.filter((entry) => entry.change === change && entry.kind !== "directory").length;
  reporter.emit({
    type: "files.collected",
    count: count("created") + count("changed") + count("unchanged"),
    bytes: files.bytes,
    created: count("created"),
    changed: count("changed"),
    deleted: count("deleted"),
    skipped: files.skipped.length,
    directory: files.directory,
  });
}
