import { statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const everyMs = 20_000;

/** Notes beside a run, until it is disposed of, that somebody looks at its terminal: meanwhile the run is not idle. */
export function noteViewer(runDirectory: string): Disposable {
  const note = () => {
    try {
      const now = new Date();
      writeFileSync(viewedFile(runDirectory), "", { mode: 0o600 });
      utimesSync(viewedFile(runDirectory), now, now);
    } catch {
      // The run may have been removed meanwhile.
    }
  };
  note();
  const timer = setInterval(note, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Calls back every few seconds while somebody looks at the terminal of the run. */
export function watchViewers(runDirectory: string, onViewer: () => void): Disposable {
  const timer = setInterval(() => {
    const seen = statSync(viewedFile(runDirectory), { throwIfNoEntry: false })?.mtimeMs;
    if (seen !== undefined && Date.now() - seen < 2 * everyMs) onViewer();
  }, everyMs / 4);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function viewedFile(runDirectory: string): string {
  return join(runDirectory, "viewed");
}
