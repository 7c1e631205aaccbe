import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidOptionsError, SandboxFileError } from "@glovebox/core/provider";

/** What the workspace has of its own, so that nothing of it is lost. */
export interface WorkspaceReader {
  /** A file's content, by its path within the workspace; `undefined` when there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
}

/** Reads a folder of this machine. A link on the way is an error: what it points to is not the workspace's. */
export function folderWorkspace(folder: string): WorkspaceReader {
  return {
    read: async (path) => {
      if (!(await existsWithoutLinks(folder, path))) return undefined;
      try {
        return await readFile(join(folder, path));
      } catch (cause) {
        throw new SandboxFileError(`${join(folder, path)} cannot be read`, { cause });
      }
    },
  };
}

/** Whether there is something at `path` below `folder`. Throws `invalid-options` when a part of the way is a link. */
export async function existsWithoutLinks(folder: string, path: string): Promise<boolean> {
  const parts = path.split("/");
  for (let count = 1; count <= parts.length; count += 1) {
    const place = join(folder, ...parts.slice(0, count));
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
