import { readFileSync, statfsSync } from "node:fs";
import { availableParallelism, freemem, totalmem } from "node:os";

const mebibyte = 1024 * 1024;
const cgroup = "/sys/fs/cgroup";

/** The resources of the sandbox and what is used of them, in the shape of `GET /metrics`. */
export interface Metrics {
  /** Seconds since 1970. */
  readonly ts: number;
  readonly cpu_count: number;
  readonly cpu_used_pct: number;
  readonly mem_total: number;
  readonly mem_used: number;
  readonly mem_total_mib: number;
  readonly mem_used_mib: number;
  readonly mem_cache: number;
  readonly disk_used: number;
  readonly disk_total: number;
}

/** Reads the control group of the container, of version 2 or 1; the machine's own figures where it has no limit. */
export class MetricsReader {
  #last = { atMs: performance.now(), cpuMs: cpuMs() };

  /** The processor's share is that since the last reading, of all that the sandbox may use. */
  read(): Metrics {
    const now = { atMs: performance.now(), cpuMs: cpuMs() };
    const cpus = cpuCount();
    const elapsedMs = Math.max(1, now.atMs - this.#last.atMs);
    const share = (100 * (now.cpuMs - this.#last.cpuMs)) / (elapsedMs * cpus);
    this.#last = now;
    const limit = number("memory.max") ?? number("memory/memory.limit_in_bytes") ?? Number.POSITIVE_INFINITY;
    const total = Math.min(limit, totalmem());
    const cache = field("memory.stat", "file") ?? field("memory/memory.stat", "cache") ?? 0;
    const charged = number("memory.current") ?? number("memory/memory.usage_in_bytes");
    const used = charged === undefined ? totalmem() - freemem() : Math.max(0, charged - cache);
    const { blocks, bfree, bsize } = statfsSync("/");
    return {
      ts: Math.floor(Date.now() / 1_000),
      cpu_count: Math.max(1, Math.ceil(cpus)),
      cpu_used_pct: Math.round(Math.min(100, Math.max(0, share)) * 100) / 100,
      mem_total: total,
      mem_used: used,
      mem_total_mib: Math.floor(total / mebibyte),
      mem_used_mib: Math.floor(used / mebibyte),
      mem_cache: cache,
      disk_used: (blocks - bfree) * bsize,
      disk_total: blocks * bsize,
    };
  }
}

function cpuCount(): number {
  const [quota, period] = (text("cpu.max") ?? "").trim().split(" ").map(Number);
  if (quota && period) return quota / period;
  const [older, olderPeriod] = [number("cpu/cpu.cfs_quota_us"), number("cpu/cpu.cfs_period_us")];
  return older && olderPeriod ? older / olderPeriod : availableParallelism();
}

function cpuMs(): number {
  const microseconds = field("cpu.stat", "usage_usec");
  if (microseconds !== undefined) return microseconds / 1e3;
  return (number("cpuacct/cpuacct.usage") ?? 0) / 1e6;
}

function number(file: string): number | undefined {
  const found = text(file)?.trim();
  return found === undefined || !/^\d+$/.test(found) ? undefined : Number(found);
}

function field(file: string, name: string): number | undefined {
  const found = new RegExp(`^${name} (\\d+)$`, "m").exec(text(file) ?? "")?.[1];
  return found === undefined ? undefined : Number(found);
}

function text(file: string): string | undefined {
  try {
    return readFileSync(`${cgroup}/${file}`, "utf8");
  } catch {
    // Of the other version, or not mounted.
    return undefined;
  }
}
