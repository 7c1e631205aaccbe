import { readFileSync, statfsSync } from "node:fs";
import type { Resources } from "@glovebox/core/provider";
import type { Cgroup } from "./cgroup.ts";

const mebibyte = 1024 * 1024;
/** What version 1 shows for no limit is the largest multiple of a page. */
const unlimitedBytes = 2 ** 62;
const tmpfsMagic = 0x01021994;

/** The limits as the kernel enforces them here and now. One that is not limited, or cannot be read, is absent. */
export function enforcedResources(cgroup: Cgroup): Resources {
  const found = {
    cpus: cpus(cgroup),
    memoryMiB: memoryMiB(cgroup),
    pids: cgroup.number("pids", "pids.max") ?? cgroup.number("", "pids.max"),
    openFiles: openFiles(),
    tmpMiB: memoryDirectoryMiB("/tmp"),
    shmMiB: memoryDirectoryMiB("/dev/shm"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function cpus(cgroup: Cgroup): number | undefined {
  const quota = cgroup.number("cpu", "cpu.cfs_quota_us");
  const period = cgroup.number("cpu", "cpu.cfs_period_us");
  if (quota !== undefined && period !== undefined) return quota / period;
  const [max, unified] = cgroup.read("", "cpu.max")?.trim().split(" ") ?? [];
  return max === undefined || max === "max" ? undefined : Number(max) / Number(unified);
}

function memoryMiB(cgroup: Cgroup): number | undefined {
  const limits = [
    cgroup.number("memory", "memory.memsw.limit_in_bytes") ?? cgroup.number("memory", "memory.limit_in_bytes"),
    unifiedMemoryBytes(cgroup),
  ];
  const bytes = limits.find((limit) => limit !== undefined && limit < unlimitedBytes);
  return bytes === undefined ? undefined : Math.floor(bytes / mebibyte);
}

function unifiedMemoryBytes(cgroup: Cgroup): number | undefined {
  const memory = cgroup.number("", "memory.max");
  const swapText = cgroup.read("", "memory.swap.max");
  if (memory === undefined || swapText === undefined) return memory;
  // Swap without a limit, on a machine that may have some: there is no limit that includes it.
  const swap = cgroup.number("", "memory.swap.max");
  return swap === undefined ? undefined : memory + swap;
}

function openFiles(): number | undefined {
  const line = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"));
  return line?.[1] === undefined ? undefined : Number(line[1]);
}

function memoryDirectoryMiB(directory: string): number | undefined {
  try {
    const { type, blocks, bsize } = statfsSync(directory);
    return type === tmpfsMagic && blocks > 0 ? Math.floor((blocks * bsize) / mebibyte) : undefined;
  } catch {
    // No such directory, no limit of it.
    return undefined;
  }
}
