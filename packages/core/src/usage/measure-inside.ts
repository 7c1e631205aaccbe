import { randomBytes } from "node:crypto";
import { SandboxUnavailableError } from "../errors/index.ts";
import { exec } from "../exec/exec.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import { type Sandbox, sandboxUser, workspaceDir } from "../provider/sandbox.ts";
import type { InsideProcess, InsideUsage } from "./inside-usage.ts";

const timeoutMs = 10_000;
/** Room for thousands of processes. */
const maxBytes = 2 * 1024 * 1024;
/** As the kernel reports times to programs, on every architecture that has sandboxes. */
const msPerTick = 10;
const usualPageBytes = 4096;
const longestName = 64;

/** Prints sections behind a mark that no process could have chosen as its name. Programs of the image alone, no `ps`. */
const script = `
section() { printf '\\n%s %s\\n' "$0" "$1"; }
section self; echo $$
section page; getconf PAGESIZE
section owner; stat -c '%u %n' /proc/[0-9]*
section stat; cat /proc/[0-9]*/stat
section memory; cat /sys/fs/cgroup/memory.current || cat /sys/fs/cgroup/memory/memory.usage_in_bytes
section disk; stat -f -c '%S %b %f' ${workspaceDir}
exit 0
`;

/**
 * Measures a sandbox by a small program in it, through nothing but `spawn`: for providers that claim no `stats`, and for what
 * these do not say. Throws as `exec` does, and `unavailable` where the sandbox has no `/proc` to read.
 */
export async function measureInside(
  sandbox: Pick<Sandbox, "spawn">,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<InsideUsage> {
  const mark = randomBytes(12).toString("hex");
  const { stdout } = await exec(sandbox, ["/bin/sh", "-c", script, mark], {
    ...{ timeoutMs, maxBytes, cwd: "/", env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } },
    ...dropUndefined({ signal }),
  });
  return parseInside(stdout, mark);
}

/** Reads what the script has printed. Exported for its test. */
export function parseInside(printed: string, mark: string): InsideUsage {
  const sections = new Map(
    printed.split(`\n${mark} `).map((part): [string, string] => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
  const text = (name: string) => sections.get(name) ?? "";
  const all = readStats(text("stat"), amount(text("page").trim()) ?? usualPageBytes);
  if (all.length === 0) throw new SandboxUnavailableError("The sandbox does not say what runs in it");
  const owners = new Map(
    [...text("owner").matchAll(/^(\d+) \/proc\/(\d+)$/gm)].map(([, uid, pid]) => [Number(pid), Number(uid)]),
  );
  const self = amount(text("self").trim());
  const own = all.filter(
    ({ pid, parent }) => pid !== self && parent !== self && (owners.get(pid) ?? sandboxUser.uid) === sandboxUser.uid,
  );
  const sum = (read: (entry: StatEntry) => number) => own.reduce((total, entry) => total + read(entry), 0);
  return {
    processes: own.map(({ parent: _, familyCpuMs: __, ...process }) => process),
    cpuMs: sum(({ familyCpuMs }) => familyCpuMs),
    memoryBytes: amount(text("memory").trim()) ?? sum(({ memoryBytes }) => memoryBytes),
    ...dropUndefined({ disk: parseDisk(text("disk")) }),
  };
}

interface StatEntry extends InsideProcess {
  readonly parent: number;
  readonly familyCpuMs: number;
}

/** A name may contain spaces, brackets and line ends, but has no room for the numbers that follow it. */
const statLine = /^(\d+) \(([\s\S]{0,64}?)\) [A-Za-z] (-?\d+(?: -?\d+){20,60})$/gm;

function readStats(text: string, pageBytes: number): StatEntry[] {
  return [...text.matchAll(statLine)].flatMap(([, pid, name = "", rest = ""]) => {
    const numbers = rest.split(" ").map((one) => amount(one) ?? 0);
    const at = (field: number) => numbers[field - 4] ?? 0;
    const ownTicks = at(14) + at(15);
    const entry = {
      pid: Number(pid),
      parent: at(4),
      startTicks: at(22),
      name: name.slice(0, longestName),
      cpuMs: ownTicks * msPerTick,
      familyCpuMs: (ownTicks + at(16) + at(17)) * msPerTick,
      memoryBytes: at(24) * pageBytes,
    };
    return Number.isSafeInteger(entry.memoryBytes + entry.familyCpuMs) ? [entry] : [];
  });
}

/** The size of a block, and the numbers of all and of free ones. */
function parseDisk(printed: string): InsideUsage["disk"] {
  const [size, all, free] = printed.trim().split(" ").map(amount);
  if (size === undefined || all === undefined || free === undefined || free > all) return undefined;
  const totalBytes = size * all;
  return Number.isSafeInteger(totalBytes) ? { usedBytes: size * (all - free), totalBytes } : undefined;
}

function amount(text: string): number | undefined {
  if (!/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}
