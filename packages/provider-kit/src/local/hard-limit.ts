import { readFileSync } from "node:fs";

/** The most that this process may allow a process that it starts; infinite where the system sets no limit or does not say. */
export function hardLimit(name: "open files" | "processes"): number {
  try {
    const text = readFileSync("/proc/self/limits", "latin1");
    return Number(new RegExp(`^Max ${name}\\s+\\S+\\s+(\\d+)`, "m").exec(text)?.[1] ?? Number.POSITIVE_INFINITY);
  } catch {
    // Not on Linux.
    return Number.POSITIVE_INFINITY;
  }
}
