import { readFileSync, writeFileSync } from "node:fs";
import { isPrivileged } from "../privilege.ts";

const scoreFile = "/proc/self/oom_score_adj";
const childScore = 500;
const maxScore = 1000;

/**
 * Makes what is born from here on the first victim when memory runs out, so that it is not the supervisor; call what
 * comes back when it is born. Raising a living child instead would miss what it has forked meanwhile.
 */
export function raiseOomScore(): () => void {
  try {
    const own = readFileSync(scoreFile, "utf8").trim();
    if (Number(own) >= childScore) return () => {};
    writeFileSync(scoreFile, String(childScore));
    return () => writeFileSync(scoreFile, own);
  } catch {
    // Where the kernel does not let it be set, its own order of victims stands.
    return () => {};
  }
}

/**
 * Makes a process the first victim where the supervisor cannot change its own score meanwhile: one that cannot be traced owns
 * none of its files in /proc. What the process has forked by then is missed.
 */
export function raiseOomScoreOf(pid: number | undefined): void {
  if (isPrivileged || pid === undefined) return;
  try {
    const own = Number(readFileSync(scoreFile, "utf8"));
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(own < childScore ? childScore : maxScore));
  } catch {
    // It has ended, or cannot be traced either.
  }
}
