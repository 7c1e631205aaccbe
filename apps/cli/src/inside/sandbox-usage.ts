import { type InsideProcess, type InsideUsage, measureInside } from "@glovebox/core";
import {
  type Capabilities,
  dropUndefined,
  type Resources,
  type Sandbox,
  type SandboxStats,
} from "@glovebox/core/provider";

/** A process of a sandbox that uses much. Its name was chosen inside. */
export interface TopProcess {
  readonly pid: number;
  readonly name: string;
  /** Processors, on average since the measurement before; absent in the first. */
  readonly cpus?: number;
  readonly memoryBytes: number;
}

/** What a sandbox uses at a moment. What nobody can tell is absent. */
export interface SandboxUsage {
  /** Processors, on average since the measurement before: 1.5. Absent in the first. */
  readonly cpus?: number;
  readonly memoryBytes: number;
  readonly processes: number;
  /** Processes that the kernel ended because the memory limit was reached. */
  readonly oomKills?: number;
  /** Of the disk that holds the workspace. */
  readonly disk?: InsideUsage["disk"];
  /** Those that use the most processor time, then memory; measured inside. */
  readonly top: readonly TopProcess[];
  readonly limits: Resources;
  readonly createdAt: Date;
  readonly leaseEndsAt?: Date;
}

const mostTop = 5;

interface Reading {
  readonly at: number;
  readonly cpuMs: number;
  readonly byProcess: ReadonlyMap<string, number>;
}

/** Measures a sandbox on any provider: by its statistics where it claims them, by a program in the sandbox for the rest. */
export class SandboxMeter {
  readonly #sandbox: Pick<Sandbox, "stats" | "info" | "spawn">;
  readonly #hasStats: boolean;
  #last: Reading | undefined;

  constructor(sandbox: Pick<Sandbox, "stats" | "info" | "spawn">, { stats }: Pick<Capabilities, "stats">) {
    this.#sandbox = sandbox;
    this.#hasStats = stats;
  }

  /** What is used since the last call. */
  async measure(signal: AbortSignal): Promise<SandboxUsage> {
    const [stats, inside, info] = await Promise.all([
      this.#hasStats ? this.#sandbox.stats({ signal }) : undefined,
      this.#measureInside(signal),
      this.#sandbox.info({ signal }),
    ]);
    const total = stats ?? totalOf(inside);
    const last = this.#last;
    const now: Reading = {
      at: performance.now(),
      cpuMs: total.cpuMs,
      byProcess: new Map(inside?.processes.map((process) => [keyOf(process), process.cpuMs])),
    };
    this.#last = now;
    const { memoryBytes, processes, oomKills } = total;
    const { resources = {}, createdAt, leaseEndsAt } = info;
    return {
      ...dropUndefined({ cpus: last && share(now.cpuMs - last.cpuMs, now, last) }),
      ...{ memoryBytes, processes, limits: resources, createdAt },
      ...dropUndefined({ oomKills, disk: inside?.disk, leaseEndsAt }),
      top: topOf(inside?.processes ?? [], now, last),
    };
  }

  /** Where the provider has statistics, a sandbox without a shell is measured all the same. */
  async #measureInside(signal: AbortSignal): Promise<InsideUsage | undefined> {
    if (!this.#hasStats) return await measureInside(this.#sandbox, { signal });
    return await measureInside(this.#sandbox, { signal }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return undefined;
    });
  }
}

function totalOf(inside: InsideUsage | undefined): Omit<SandboxStats, "oomKills"> & { readonly oomKills?: number } {
  const { cpuMs = 0, memoryBytes = 0, processes = [] } = inside ?? {};
  return { cpuMs, memoryBytes, processes: processes.length };
}

function share(cpuMs: number, now: Reading, last: Reading): number {
  return Math.max(0, cpuMs) / Math.max(1, now.at - last.at);
}

/** A pid alone may be another process by then. */
function keyOf({ pid, startTicks }: InsideProcess): string {
  return `${pid} ${startTicks}`;
}

function topOf(processes: readonly InsideProcess[], now: Reading, last: Reading | undefined): readonly TopProcess[] {
  const withShare = processes.map((process) => ({
    ...{ pid: process.pid, name: process.name, memoryBytes: process.memoryBytes },
    ...dropUndefined({
      cpus: last && share(process.cpuMs - (last.byProcess.get(keyOf(process)) ?? 0), now, last),
    }),
  }));
  return withShare.sort((a, b) => (b.cpus ?? 0) - (a.cpus ?? 0) || b.memoryBytes - a.memoryBytes).slice(0, mostTop);
}
