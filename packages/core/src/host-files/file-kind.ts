import { type Stats, statSync } from "node:fs";
import { devNull } from "node:os";
import { InvalidOptionsError } from "../errors/index.ts";

/** What stands where a regular file is expected; `undefined` for a regular file and for the null device, which is empty. */
export function notAFile(stats: Stats): string | undefined {
  if (stats.isFile() || isNullDevice(stats)) return undefined;
  if (stats.isDirectory()) return "a directory";
  if (stats.isFIFO()) return "a named pipe";
  if (stats.isSocket()) return "a socket";
  if (stats.isSymbolicLink()) return "a symbolic link";
  return "a device";
}

export function refuseOtherThanFile(path: string | Buffer, stats: Stats): void {
  const kind = notAFile(stats);
  if (kind !== undefined) throw new InvalidOptionsError(`${path} is ${kind}, not a file`);
}

function isNullDevice(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === statSync(devNull, { throwIfNoEntry: false })?.rdev;
}

/** Nothing is there: no entry, or a file where a directory would have to be. */
export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Maps what the file system says about a path. */
export function unreadable(path: string | Buffer, cause: unknown): InvalidOptionsError {
  if (cause instanceof InvalidOptionsError) return cause;
  return new InvalidOptionsError(`${path} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, {
    cause,
  });
}
