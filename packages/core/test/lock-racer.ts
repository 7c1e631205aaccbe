import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { RunLock } from "../src/run/run-lock.ts";

/** Tries to take each of many runs at about the same moment as the others do, and holds on to what it got. */
const [, , root = "", startAt = "0", count = "0"] = process.argv;
const taken: number[] = [];
while (Date.now() < Number(startAt));
for (let index = 0; index < Number(count); index += 1) {
  const runDir = join(root, String(index));
  mkdirSync(runDir, { recursive: true });
  if (RunLock.tryAcquire(runDir) !== undefined) taken.push(index);
}
console.log(JSON.stringify(taken));
process.stdin.resume();
