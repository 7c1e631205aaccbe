import { lstatSync, readlinkSync, type Stats } from "node:fs";
import type { FileRecord } from "../../protocol/messages.ts";

/** What lies at a path, links not followed; undefined when nothing does. */
export function readFileRecord(path: string): FileRecord | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const kind = fileKind(found);
  return {
    path,
    kind,
    size: kind === "file" ? found.size : 0,
    mode: found.mode & 0o7777,
    modifiedAtMs: found.mtimeMs,
    ...(kind === "symlink" ? { target: readlinkSync(path) } : {}),
  };
}

function fileKind(found: Stats): FileRecord["kind"] {
  if (found.isFile()) return "file";
  if (found.isDirectory()) return "directory";
  return found.isSymbolicLink() ? "symlink" : "other";
}
