import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DirectoryLock } from "../src/state/directory-lock.ts";

/** Tries to take each of many runs at about the same moment as the others do, and holds on to what it got. */
const [, , root = "", startAt = "0", count = "0"] = process.argv;
const taken: number[] = [];
while (Date.now() < Number(startAt));
for (let index = 0; index < Number(count); index += 1) {
  const runDirectory = join(root, String(index));
  mkdirSync(runDirectory, { recursive: true });
  if (DirectoryLock.tryAcquire(runDirectory) !== undefined) taken.push(index);
}
console.log(JSON.stringify(taken));
process.stdin.resume();
