import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SandboxError } from "../errors/index.ts";
import { ownerLabel, runLabel, type SandboxInfo } from "../provider/sandbox.ts";
import type { SandboxProvider } from "../provider/sandbox-provider.ts";
import { readOwner } from "./owner.ts";
import { closeAbandoned, recoverRun } from "./recover-run.ts";
import { RunLock } from "./run-lock.ts";
import { createRunStore } from "./run-store.ts";

export interface ReapOptions {
  readonly home: string;
  readonly provider: SandboxProvider;
  /** Only this run; and although its lease has not ended, as long as no process holds it. */
  readonly runId?: string;
  readonly signal?: AbortSignal;
}

export interface ReapReport {
  /** Runs whose files were brought back, and where to. */
  readonly collected: readonly { readonly runId: string; readonly directory: string }[];
  /** Sandboxes that are gone. */
  readonly removed: readonly string[];
  /** Sandboxes of this owner that were not touched, and why. */
  readonly left: readonly LeftSandbox[];
}

export interface LeftSandbox {
  readonly sandboxId: string;
  readonly runId: string;
  readonly reason: string;
  /** True when it was tried and failed; false when it may not be touched yet. */
  readonly failed: boolean;
}

/**
 * Finishes what this owner's dead processes left: brings a sandbox's files back, then removes it. Touches nothing of
 * another owner, nothing that a living process holds, and nothing whose lease has not surely ended.
 */
export async function reap(options: ReapOptions): Promise<ReapReport> {
  const { home, provider } = options;
  const report = {
    collected: [] as { runId: string; directory: string }[],
    removed: [] as string[],
    left: [] as LeftSandbox[],
  };
  const labels = {
    [ownerLabel]: readOwner(home),
    ...(options.runId === undefined ? {} : { [runLabel]: options.runId }),
  };
  const call = options.signal === undefined ? {} : { signal: options.signal };
  const seen = new Set<string>();
  for await (const info of provider.list({ labels }, call)) {
    const runId = info.labels[runLabel];
    if (runId === undefined || !/^[a-z0-9-]{1,63}$/.test(runId)) continue;
    seen.add(runId);
    const runDir = join(home, "runs", runId);
    mkdirSync(runDir, { recursive: true, mode: 0o700 });
    if (RunLock.isHeld(runDir)) continue;
    const unclear = options.runId === undefined ? whyNotYet(info) : undefined;
    const lock = unclear === undefined ? RunLock.tryAcquire(runDir) : undefined;
    if (unclear !== undefined) report.left.push({ sandboxId: info.id, runId, reason: unclear, failed: false });
    if (lock === undefined) continue;
    try {
      const { directory } = await recoverRun({ home, runId, provider, info, lock, ...call });
      report.removed.push(info.id);
      if (directory !== undefined) report.collected.push({ runId, directory });
    } catch (error) {
      report.left.push({ sandboxId: info.id, runId, reason: (error as Error).message, failed: true });
      if (SandboxError.isInstance(error) && error.code === "aborted") break;
    } finally {
      lock.release();
    }
  }
  await closeRunsWithoutSandbox(options, seen);
  return report;
}

/** Why a sandbox may not be touched yet; undefined when its lease has surely ended. */
function whyNotYet(info: SandboxInfo): string | undefined {
  if (info.state !== "stopped") return `it is ${info.state}: its lease has not surely ended`;
  if (info.leaseEndsAt !== undefined && info.leaseEndsAt.getTime() > Date.now()) return "its lease has not ended";
  return undefined;
}

/** Runs whose process died before or after their sandbox lived: their journals get an end. */
async function closeRunsWithoutSandbox(options: ReapOptions, seen: ReadonlySet<string>): Promise<void> {
  for (const summary of await createRunStore(options.home).list()) {
    const isOurs = options.runId === undefined || options.runId === summary.runId;
    if (!isOurs || summary.isAlive || summary.outcome !== undefined || seen.has(summary.runId)) continue;
    if (summary.providerId !== options.provider.id) continue;
    const lock = RunLock.tryAcquire(summary.runDir);
    if (lock === undefined) continue;
    closeAbandoned({ runDir: summary.runDir, runId: summary.runId, lock });
    lock.release();
  }
}
