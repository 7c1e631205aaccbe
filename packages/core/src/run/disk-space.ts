import type { Remedy } from "../errors/remedy.ts";
import type { HarnessEvent } from "../events/harness-event.ts";
import { exec } from "../exec/exec.ts";
import { type Sandbox, sandboxUser, workspaceDir } from "../provider/sandbox.ts";

/** Whoever has less than this left on a disk cannot work on it. */
const leastBytes = 1024 * 1024;

const ofTheMachine = "Make room on the disk of the machine that runs the sandbox, or raise its limit where one is set.";

/** Where an agent writes, and how more room is made there. */
const places: Readonly<Record<string, { readonly hint?: string; readonly remedy: Remedy }>> = {
  [workspaceDir]: { hint: ofTheMachine, remedy: { raise: "diskMiB" } },
  [sandboxUser.home]: { hint: ofTheMachine, remedy: { raise: "diskMiB" } },
  "/tmp": { remedy: { raise: "tmpMiB" } },
  "/dev/shm": { remedy: { raise: "shmMiB" } },
};

/** A disk that is full, and what makes room. */
export interface DiskWarning {
  readonly message: string;
  readonly remedy: Remedy;
}

const timeoutMs = 10_000;

const refusal = /\b(ENOSPC|EDQUOT)\b|no space left on device|disk quota exceeded/i;

/** Whether a tool was refused a write because a disk is full. */
export function isRefusedForSpace(event: HarnessEvent): boolean {
  return event.type === "tool.end" && event.status === "error" && refusal.test(event.output);
}

/** What is to be said about full disks in a sandbox: of each once, by the first place that lies on it. */
export async function fullDiskWarnings(sandbox: Sandbox, signal: AbortSignal): Promise<DiskWarning[]> {
  const format = "%i %a %S %d %c %n";
  const argv = ["stat", "-f", "-c", format, ...Object.keys(places)] as const;
  const { stdout } = await exec(sandbox, argv, { timeoutMs, signal });
  return readDisks(stdout);
}

/** Reads lines of a disk's id, free blocks for the user, the size of a block, free and all inodes, and the path. */
export function readDisks(printed: string): DiskWarning[] {
  const seen = new Set<string>();
  return printed.split("\n").flatMap((line) => {
    const [id, blocks, size, freeNodes, nodes, path = ""] = line.split(" ");
    const advice = places[path];
    // Of disks in memory the id can be the same.
    const disk = [id, blocks, size, freeNodes, nodes, JSON.stringify(advice)].join(" ");
    if (advice === undefined || seen.has(disk)) return [];
    seen.add(disk);
    // A file system that makes inodes as it goes has none to tell.
    const isWithoutNodes = Number(nodes) > 0 && Number(freeNodes) === 0;
    const isFull = Number(blocks) * Number(size) < leastBytes;
    if (!isFull && !isWithoutNodes) return [];
    const what = isWithoutNodes ? "can hold no more files" : "is full";
    const lost = "what was written there last may be missing or cut";
    const { hint, remedy } = advice;
    return [{ message: [`The disk that holds ${path} ${what}: ${lost}.`, hint].filter(Boolean).join(" "), remedy }];
  });
}
