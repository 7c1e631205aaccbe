import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { z } from "zod";
import { isRunning } from "./is-running.ts";

/** A process, not to be confused with a later one of the same number, with one of another container or another machine. */
export interface HostProcess {
  /** The machine since it was last started; empty where the system does not say. A host's name changes, this does not. */
  readonly boot: string;
  /** What the process id counts in: containers of one machine have ids of their own. Empty where there is no such thing. */
  readonly namespace: string;
  readonly pid: number;
  /** When it started, in the system's own words. */
  readonly started: string;
}

const hostProcessSchema = z.object({ boot: z.string(), namespace: z.string(), pid: z.number(), started: z.string() });

/** Reads what `JSON.stringify(thisProcess())` has written; `undefined` for anything else. */
export function parseHostProcess(text: string): HostProcess | undefined {
  try {
    return hostProcessSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** `unknown`: it cannot be looked at from here. */
export type Liveness = "alive" | "dead" | "unknown";

/** Returns this process, as `livenessOf` recognises it. */
export function thisProcess(): HostProcess {
  return { boot: thisBoot(), namespace: thisNamespace(), pid: process.pid, started: startOf(process.pid) ?? "" };
}

/** A process of this host by its id; `undefined` when there is none, or it cannot be looked at. */
export function hostProcess(pid: number): HostProcess | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { boot: thisBoot(), namespace: thisNamespace(), pid, started };
}

/** Returns whether another process still lives; `unknown` for one of another boot, host or container. */
export function livenessOf(other: HostProcess): Liveness {
  if (other.boot === "" || other.boot !== thisBoot() || other.namespace !== thisNamespace()) return "unknown";
  const started = startOf(other.pid);
  if (started !== undefined && other.started !== "") return started === other.started ? "alive" : "dead";
  return isRunning(other.pid) ? "unknown" : "dead";
}

let boot: string | undefined;

function thisBoot(): string {
  boot ??= quietly(() =>
    process.platform === "linux"
      ? readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()
      : execFileSync("sysctl", ["-n", "kern.bootsessionuuid"], quiet).toString().trim(),
  );
  return boot ?? "";
}

function thisNamespace(): string {
  return (process.platform === "linux" && quietly(() => readlinkSync("/proc/self/ns/pid"))) || "";
}

const quiet = { stdio: ["ignore", "pipe", "ignore"] as ["ignore", "pipe", "ignore"], timeout: 10_000 };

/** `undefined` for one that has ended, and for one that may not be looked at. */
function startOf(pid: number): string | undefined {
  return quietly(() => {
    if (process.platform !== "linux") {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], quiet)
        .toString()
        .trim();
    }
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie writes nothing any more.
    return fields[0] === "Z" || fields[0] === "X" ? "ended" : fields[19];
  });
}

/** What the system does not tell is not known, and no reason to fail. */
function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
