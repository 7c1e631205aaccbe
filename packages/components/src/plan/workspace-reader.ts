import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { readHostFile } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";

/** What the workspace has of its own, so that nothing of it is lost. */
export interface WorkspaceReader {
  /** A file's content, by its path within the workspace; `undefined` when there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
}

const maxFileBytes = 16 * 1024 * 1024;

/** Reads a directory of this machine. A link on the way is an error: what it points to is not the workspace's. */
export function directoryWorkspace(directory: string): WorkspaceReader {
  return {
    read: async (path) => {
      if (!(await existsWithoutLinks(directory, path))) return undefined;
      return await readHostFile(join(directory, path), { maxBytes: maxFileBytes, noFollow: true });
    },
  };
}

/**
 * Whether there is something at `path` below `directory`. Throws `invalid-options` when a part of the way is a link.
 */
export async function existsWithoutLinks(directory: string, path: string): Promise<boolean> {
  const parts = path.split("/");
  for (let count = 1; count <= parts.length; count += 1) {
    const place = join(directory, ...parts.slice(0, count));
    try {
      if ((await lstat(place)).isSymbolicLink())
        throw new InvalidOptionsError(`${place} is a symbolic link: components are not installed through links`);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      if (code === "ENOENT" || code === "ENOTDIR") return false;
      throw cause;
    }
  }
  return true;
}
