import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A process on a host, told apart from a later one that got the same number. */
export interface HostProcess {
  readonly host: string;
  readonly pid: number;
  /** When it started, in the system's own words; empty where the system does not tell. */
  readonly started: string;
}

function startOf(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z" || fields[0] === "X") return undefined;
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
      return `${boot}/${fields[19]}`;
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    // Neither system lists a process that is gone.
    return undefined;
  }
}

export function thisProcess(): HostProcess {
  return { host: hostname(), pid: process.pid, started: startOf(process.pid) ?? "" };
}

/** Whether the process lives. One of another host counts as living: nobody here can know. */
export function isAlive(other: HostProcess): boolean {
  if (other.host !== hostname()) return true;
  const started = startOf(other.pid);
  return started !== undefined && started === other.started;
}
