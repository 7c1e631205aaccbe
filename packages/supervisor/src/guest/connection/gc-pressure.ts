import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options?: { readonly type: "minor" | "major" }) => void;

const minorEveryBytes = 8 * 1024 * 1024;
const majorEveryBytes = 128 * 1024 * 1024;

let collect: Collect | undefined;
let sinceMinor = 0;
let sinceMajor = 0;
let idle: NodeJS.Timeout | undefined;

/**
 * Call it for every chunk that passes through. V8 counts a buffer's bytes late, so hundreds of megabytes of chunks that have
 * passed pile up; a fork copies the map of all of it, and starting a process would take ten times as long.
 */
export function noteExternalBytes(bytes: number): void {
  sinceMinor += bytes;
  sinceMajor += bytes;
  if (sinceMinor < minorEveryBytes) return;
  sinceMinor = 0;
  const major = sinceMajor >= majorEveryBytes;
  if (major) sinceMajor = 0;
  collect ??= findCollect();
  const run = collect;
  run({ type: major ? "major" : "minor" });
  clearTimeout(idle);
  idle = setTimeout(() => run({ type: "major" }), 100);
}

/** Returns the garbage collector. Created at the first use: it needs a context of its own. */
function findCollect(): Collect {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as Collect;
}
