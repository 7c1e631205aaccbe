import { readFileSync, writeFileSync } from "node:fs";

const scoreFile = "/proc/self/oom_score_adj";
const childScore = 500;

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
