import { Socket } from "node:net";
import type { FileChange } from "@glovebox/core/provider";
import { lengthPrefixed } from "../../protocol/length-prefix.ts";
import { maxChangesAtOnce } from "../../protocol/messages.ts";
import { DirectoryWatcher } from "./directory-watcher.ts";

/** What waits for a host that does not read; beyond it changes are dropped, and the host is notified. */
const maxWaitingBytes = 4 * 1024 * 1024;

/**
 * Writes what changes below a directory, in lists behind their lengths; the first, which is empty, says that it watches. Until
 * the input ends; throws when the directory goes away.
 */
export async function watchDirectory(root: string, exclude: readonly string[]): Promise<void> {
  const output = new Socket({ fd: 1, readable: false, writable: true });
  const input = new Socket({ fd: 0, readable: true, writable: false });
  let hasMissed = false;
  const write = (changes: readonly FileChange[]): void => {
    output.write(lengthPrefixed(Buffer.from(JSON.stringify(changes))));
  };
  const tell = (changes: readonly FileChange[]): void => {
    for (let start = 0; start < changes.length; start += maxChangesAtOnce) {
      hasMissed ||= output.writableLength > maxWaitingBytes;
      if (!hasMissed) write(changes.slice(start, start + maxChangesAtOnce));
    }
  };
  output.on("drain", () => {
    if (hasMissed) write([{ overflow: true }]);
    hasMissed = false;
  });
  await new Promise<void>((resolve, reject) => {
    for (const side of [input, output]) side.on("error", () => resolve()).once("close", () => resolve());
    const gone = (): void => void output.end(() => reject(new Error(`${root} is not there any more`)));
    new DirectoryWatcher({ root, exclude, onChanges: tell, onGone: gone });
    write([]);
    input.resume();
  });
  process.exit(0);
}
