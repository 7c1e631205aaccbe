import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const root = "/sys/fs/cgroup";

/** Makes control groups with the limits, as an engine does; gives their folders. */
export function makeControlGroups(limits: {
  readonly pids?: number | undefined;
  readonly memoryMiB?: number | undefined;
}): string[] {
  const name = `glovebox-test-${randomBytes(6).toString("hex")}`;
  const unified = existsSync(`${root}/cgroup.controllers`);
  if (unified) writeFileSync(`${root}/cgroup.subtree_control`, "+pids +memory");
  const made = new Set<string>();
  const limit = (controller: string, file: string, value: string): void => {
    const folder = unified ? `${root}/${name}` : `${root}/${controller}/${name}`;
    mkdirSync(folder, { recursive: true });
    made.add(folder);
    writeFileSync(`${folder}/${file}`, value);
  };
  if (limits.pids !== undefined) limit("pids", "pids.max", String(limits.pids));
  if (limits.memoryMiB !== undefined) {
    const bytes = String(limits.memoryMiB * 1024 * 1024);
    limit("memory", unified ? "memory.max" : "memory.limit_in_bytes", bytes);
    const folder = [...made].at(-1) ?? "";
    const swap = unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes";
    if (existsSync(`${folder}/${swap}`)) writeFileSync(`${folder}/${swap}`, unified ? "0" : bytes);
  }
  return [...made];
}

/** Removes a group once the kernel has let go of what ran in it. */
export async function removeControlGroup(folder: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (existsSync(folder)) {
    try {
      rmdirSync(folder);
    } catch (error) {
      if (Date.now() > deadline) throw new Error(readFileSync(`${folder}/cgroup.procs`, "utf8"), { cause: error });
      await delay(20);
    }
  }
}
