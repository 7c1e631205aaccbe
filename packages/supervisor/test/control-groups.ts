import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const root = "/sys/fs/cgroup";

/** Makes control groups with the limits, as an engine does; gives their directories. */
export function makeControlGroups(limits: {
  readonly pids?: number | undefined;
  readonly memoryMiB?: number | undefined;
}): string[] {
  const name = `glovebox-test-${randomBytes(6).toString("hex")}`;
  const unified = existsSync(`${root}/cgroup.controllers`);
  if (unified) writeFileSync(`${root}/cgroup.subtree_control`, "+pids +memory");
  const created = new Set<string>();
  const limit = (controller: string, file: string, value: string): void => {
    const directory = unified ? `${root}/${name}` : `${root}/${controller}/${name}`;
    mkdirSync(directory, { recursive: true });
    created.add(directory);
    writeFileSync(`${directory}/${file}`, value);
  };
  if (limits.pids !== undefined) limit("pids", "pids.max", String(limits.pids));
  if (limits.memoryMiB !== undefined) {
    const bytes = String(limits.memoryMiB * 1024 * 1024);
    limit("memory", unified ? "memory.max" : "memory.limit_in_bytes", bytes);
    const directory = [...created].at(-1) ?? "";
    const swap = unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes";
    if (existsSync(`${directory}/${swap}`)) writeFileSync(`${directory}/${swap}`, unified ? "0" : bytes);
  }
  return [...created];
}

/** Removes a group once the kernel has released what ran in it. */
export async function removeControlGroup(directory: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (existsSync(directory)) {
    try {
      rmdirSync(directory);
    } catch (error) {
      if (Date.now() > deadline) throw new Error(readFileSync(`${directory}/cgroup.procs`, "utf8"), { cause: error });
      await delay(20);
    }
  }
}
