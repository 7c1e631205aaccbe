import { readFileSync } from "node:fs";

const upFlag = 1;

/** The names of the interfaces beside loopback that are up, or that may be. */
export function networkInterfaces(): readonly string[] {
  const lines = readFileSync("/proc/net/dev", "latin1").split("\n").slice(2);
  const names = lines.flatMap((line) => /^\s*([^:\s]+):/.exec(line)?.[1] ?? []);
  return names.filter((name) => name !== "lo" && isUp(name));
}

function isUp(name: string): boolean {
  try {
    return (Number.parseInt(readFileSync(`/sys/class/net/${name}/flags`, "latin1"), 16) & upFlag) !== 0;
  } catch {
    // Not every system shows the flags.
    return true;
  }
}
