import { setTimeout as sleep } from "node:timers/promises";
import { exec } from "@glovebox/core";
import { type Resources, type Sandbox, workspaceDir } from "@glovebox/core/provider";

/** What a sandbox uses at a moment. What nobody can tell is absent. */
export interface SandboxUsage {
  /** Processors, on average over the interval: 1.5. */
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly processes: number;
  /** Processes that the kernel ended because the memory limit was reached. */
  readonly oomKills: number;
  /** Of the disk that holds the workspace. */
  readonly disk?: { readonly usedBytes: number; readonly totalBytes: number };
  readonly limits: Resources;
}

const timeoutMs = 10_000;

/** Measures a sandbox over an interval. */
export async function measureSandbox(
  sandbox: Sandbox,
  { intervalMs, signal }: { readonly intervalMs: number; readonly signal: AbortSignal },
): Promise<SandboxUsage> {
  const before = await sandbox.stats({ signal });
  const from = performance.now();
  const [{ resources = {} }, disk] = await Promise.all([
    sandbox.info({ signal }),
    readDisk(sandbox, signal),
    sleep(intervalMs, undefined, { signal }),
  ]);
  const { cpuMs, ...usage } = await sandbox.stats({ signal });
  const cpus = Math.max(0, cpuMs - before.cpuMs) / (performance.now() - from);
  return { cpus, ...usage, ...(disk === undefined ? {} : { disk }), limits: resources };
}

async function readDisk(sandbox: Sandbox, signal: AbortSignal): Promise<SandboxUsage["disk"]> {
  const argv = ["stat", "-f", "-c", "%S %b %f", workspaceDir] as const;
  const { stdout } = await exec(sandbox, argv, { timeoutMs, signal });
  return parseDisk(stdout);
}

/** Reads the size of a block, and the numbers of all and of free ones. */
export function parseDisk(printed: string): SandboxUsage["disk"] {
  const [size, all, free] = printed.trim().split(" ").map(Number);
  if (size === undefined || all === undefined || free === undefined || Number.isNaN(size * all * free))
    return undefined;
  return { usedBytes: size * (all - free), totalBytes: size * all };
}
