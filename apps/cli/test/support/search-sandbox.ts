import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

/**
 * Where in a running container some bytes are, looked for from the host as root: every file of its tree, its in-memory
 * directories included, and the command line, environment and memory of every process. Needs root on the engine's own host.
 */
export function searchSandbox(containerId: string, needle: string): readonly string[] {
  const top = execFileSync("docker", ["top", containerId, "-eo", "pid"], { encoding: "utf8" });
  const pids = top
    .split("\n")
    .slice(1)
    .map(Number)
    .filter((pid) => pid > 0);
  const [first] = pids;
  if (first === undefined) throw new Error("the container has no process");
  const inProcesses = pids.flatMap((pid) => [
    ...["environ", "cmdline"]
      .filter((file) => contains(readProcessFile(pid, file), needle))
      .map((file) => `${pid}/${file}`),
    ...(memoryHolds(pid, needle) ? [`${pid}/mem`] : []),
  ]);
  return [...filesWith(`/proc/${first}/root`, needle), ...inProcesses];
}

function filesWith(root: string, needle: string): string[] {
  try {
    // The pattern travels by standard input: on the command line the search would find itself.
    const found = execFileSync(
      "grep",
      ["-rlaF", "-f", "-", "--exclude-dir=proc", "--exclude-dir=sys", "--devices=skip", `${root}/`],
      {
        input: needle,
        encoding: "utf8",
        stdio: ["pipe", "pipe", "ignore"],
        maxBuffer: 1 << 26,
      },
    );
    return found
      .trim()
      .split("\n")
      .map((path) => path.slice(root.length));
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    // 1: nowhere. 2: some files could not be read (sockets, links to nowhere); what was found stands all the same.
    if (status === 1 || status === 2) return stdout.trim() === "" ? [] : stdout.trim().split("\n");
    throw error;
  }
}

/** A process that has ended meanwhile holds nothing any more. */
function readProcessFile(pid: number, name: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${name}`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return Buffer.alloc(0);
    throw error;
  }
}

function contains(bytes: Buffer, needle: string): boolean {
  return bytes.includes(needle);
}

function memoryHolds(pid: number, needle: string): boolean {
  const maps = readProcessFile(pid, "maps").toString("utf8");
  if (maps === "") return false;
  const memory = openSync(`/proc/${pid}/mem`, "r");
  const block = Buffer.alloc(16 * 1024 * 1024);
  try {
    for (const line of maps.split("\n")) {
      const [, from, to, mode] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (from === undefined || to === undefined || !mode?.startsWith("rw")) continue;
      for (let at = Number.parseInt(from, 16); at < Number.parseInt(to, 16); at += block.length - needle.length) {
        const length = Math.min(block.length, Number.parseInt(to, 16) - at);
        if (contains(block.subarray(0, readAt(memory, block, length, at)), needle)) return true;
      }
    }
    return false;
  } finally {
    closeSync(memory);
  }
}

function readAt(file: number, block: Buffer, length: number, position: number): number {
  try {
    return readSync(file, block, 0, length, position);
  } catch {
    return 0; // A region that the kernel keeps to itself.
  }
}
