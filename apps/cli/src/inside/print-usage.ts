import { formatBytes } from "@glovebox/core/text";
import type { SandboxUsage } from "./sandbox-usage.ts";

export const usageHead = ["CPU", "MEMORY", "DISK", "PROCESSES", "OOM KILLS"] as const;

/** Wide enough for usual values, and all together for 80 columns. */
export const usageWidths = [12, 18, 18, 12, 9] as const;

/** The cells of a row, each with its limit where there is one. */
export function usageCells({ cpus, memoryBytes, processes, oomKills, disk, limits }: SandboxUsage): string[] {
  return [
    cpus === undefined ? "" : withLimit(percent(cpus), limits.cpus === undefined ? undefined : percent(limits.cpus)),
    withLimit(
      formatBytes(memoryBytes),
      limits.memoryMiB === undefined ? undefined : formatBytes(limits.memoryMiB * 1024 ** 2),
    ),
    disk === undefined ? "" : withLimit(formatBytes(disk.usedBytes), formatBytes(disk.totalBytes)),
    withLimit(String(processes), limits.pids === undefined ? undefined : String(limits.pids)),
    oomKills === undefined ? "" : String(oomKills),
  ];
}

/** `1.5` processors as `150%`. */
export function percent(cpus: number): string {
  return `${Math.round(cpus * 100)}%`;
}

function withLimit(value: string, limit: string | undefined): string {
  return limit === undefined ? value : `${value} / ${limit}`;
}
