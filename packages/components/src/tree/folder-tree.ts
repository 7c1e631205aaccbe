import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { InvalidOptionsError, SandboxFileError, SandboxNotFoundError } from "@glovebox/core/provider";
import type { RefusedEntry, SourceTree, TreeFile } from "./source-tree.ts";
import { byPath, treeDigest } from "./tree-digest.ts";
import { treeLimits } from "./tree-limits.ts";
import { badTreePath } from "./tree-path.ts";

const skippedFolders: ReadonlySet<string> = new Set([".git", "node_modules"]);

/**
 * A folder of this machine as a tree. Links are not followed but listed as refused. It is hashed when it is opened: a
 * file that changed by the time it is read is an error. `wanted` names the top-level files to look at; all by default.
 */
export async function folderTree(folder: string, wanted?: (path: string) => boolean): Promise<SourceTree> {
  const files: TreeFile[] = [];
  const refused: RefusedEntry[] = [];
  try {
    for await (const path of walk(folder, "", wanted)) {
      const entry = await describe(folder, path);
      if ("reason" in entry) refused.push(entry);
      else files.push(entry);
      if (files.length + refused.length > treeLimits.files)
        throw new InvalidOptionsError(`${folder} holds more than ${treeLimits.files} files`);
    }
  } catch (cause) {
    throw folderError(folder, cause);
  }
  files.sort(byPath);
  refused.sort(byPath);
  const byName = new Map(files.map((file) => [file.path, file]));
  return {
    digest: treeDigest(files, refused),
    files,
    refused,
    read: async (path) => {
      const file = byName.get(path);
      if (file === undefined) throw new SandboxNotFoundError(`${folder} has no file ${JSON.stringify(path)}`);
      return readUnchanged(folder, file);
    },
  };
}

async function* walk(folder: string, below: string, wanted?: (path: string) => boolean): AsyncIterable<string> {
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (below === "" && wanted !== undefined && !wanted(path)) continue;
    if (!entry.isDirectory()) yield path;
    else if (!skippedFolders.has(entry.name)) yield* walk(folder, path, wanted);
  }
}

async function describe(folder: string, path: string): Promise<TreeFile | RefusedEntry> {
  const stats = await lstat(join(folder, path));
  if (stats.isSymbolicLink()) return { path, reason: "is a symbolic link" };
  if (!stats.isFile()) return { path, reason: "is no file" };
  const bad = badTreePath(path);
  if (bad !== undefined) return { path, reason: bad };
  if (stats.size > treeLimits.fileBytes)
    return { path, reason: `is larger than ${treeLimits.fileBytes / 1024 / 1024} MiB` };
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(join(folder, path))) hash.update(chunk as Buffer);
  return { path, mode: (stats.mode & 0o100) === 0 ? 0o644 : 0o755, size: stats.size, sha256: hash.digest("hex") };
}

async function readUnchanged(folder: string, file: TreeFile): Promise<Buffer> {
  const handle = await open(join(folder, file.path), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const bytes = await handle.readFile();
    if (createHash("sha256").update(bytes).digest("hex") !== file.sha256)
      throw new SandboxFileError(`${join(folder, file.path)} changed while it was read`, { retryable: true });
    return bytes;
  } finally {
    await handle.close();
  }
}

function folderError(folder: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return new SandboxNotFoundError(`There is no folder ${folder}`, { cause });
  if (code === "ENOTDIR") return new SandboxNotFoundError(`${folder} is no folder`, { cause });
  if (code === "EACCES") return new SandboxFileError(`${folder} cannot be read: permission denied`, { cause });
  return cause;
}
