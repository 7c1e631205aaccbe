import type { SandboxStats } from "@glovebox/core/provider";
import type { OwnProcesses } from "../processes/own-processes.ts";
import { readProcEntries } from "../processes/proc-entry.ts";
import type { Cgroup } from "./cgroup.ts";

/** How many processes the kernel has ended because memory ran out. */
export function oomKills(cgroup: Cgroup): number {
  return cgroup.field("memory", "memory.oom_control", "oom_kill") ?? cgroup.field("", "memory.events", "oom_kill") ?? 0;
}

let mostCpuMs = 0;

/** What the user's processes use. The supervisor's own share of the processor is taken off. */
export function sandboxStats(cgroup: Cgroup, ownProcesses: OwnProcesses): SandboxStats {
  const nanoseconds = cgroup.number("cpuacct", "cpuacct.usage");
  const microseconds = cgroup.field("", "cpu.stat", "usage_usec");
  const totalMs = nanoseconds === undefined ? (microseconds ?? 0) / 1e3 : nanoseconds / 1e6;
  const own = process.cpuUsage();
  mostCpuMs = Math.max(mostCpuMs, Math.round(totalMs - (own.user + own.system) / 1e3));
  return {
    cpuMs: mostCpuMs,
    memoryBytes: cgroup.number("memory", "memory.usage_in_bytes") ?? cgroup.number("", "memory.current") ?? 0,
    processes: readProcEntries().filter((entry) => !ownProcesses.has(entry) && !entry.dead).length,
    oomKills: oomKills(cgroup),
  };
}
