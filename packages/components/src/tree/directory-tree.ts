import { createHash } from "node:crypto";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { readHostFile, streamHostFile } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxFileError, SandboxNotFoundError } from "@glovebox/core/provider";
import type { DirectoryHashes } from "./directory-hashes.ts";
import { type LinkTarget, resolveLinks, strayLink } from "./resolve-links.ts";
import type { RefusedEntry, SourceTree, TreeFile } from "./source-tree.ts";
import { byPath, treeDigest } from "./tree-digest.ts";
import { treeLimits } from "./tree-limits.ts";
import { badTreePath } from "./tree-path.ts";

const mostAtOnce = 32;
const skippedDirectories: ReadonlySet<string> = new Set([".git", "node_modules"]);

/**
 * A directory of this machine as a tree. A link is the file of the same directory that it leads to, or it is refused.
 * It is hashed when it is opened: a file that changed by the time it is read is an error. `wanted` names the top-level
 * files to look at; all by default. `hashes` are those of the last time.
 */
export async function directoryTree(
  directory: string,
  wanted?: (path: string) => boolean,
  hashes?: DirectoryHashes,
): Promise<SourceTree> {
  const files: TreeFile[] = [];
  const refused: RefusedEntry[] = [];
  const links = new Map<string, LinkTarget>();
  try {
    const paths: string[] = [];
    for await (const path of walk(directory, "", wanted)) {
      paths.push(path);
      if (paths.length > treeLimits.files)
        throw new InvalidOptionsError(`${directory} holds more than ${treeLimits.files} files`);
    }
    for (let start = 0; start < paths.length; start += mostAtOnce) {
      const few = paths.slice(start, start + mostAtOnce);
      const entries = await Promise.all(few.map((path) => describe(directory, path, hashes)));
      for (const entry of entries) {
        if ("target" in entry) links.set(entry.path, entry);
        else if ("reason" in entry) refused.push(entry);
        else files.push(entry);
      }
    }
  } catch (cause) {
    throw directoryError(directory, cause);
  }
  const own = new Map(files.map((file) => [file.path, file]));
  const resolved = resolveLinks(links, (path) => own.has(path));
  for (const path of links.keys()) {
    const file = own.get(resolved.get(path) ?? "");
    if (file === undefined) refused.push({ path, reason: strayLink, isLink: true });
    else files.push({ ...file, path });
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
      if (file === undefined) throw new SandboxNotFoundError(`${directory} has no file ${JSON.stringify(path)}`);
      return readUnchanged(directory, { ...file, path: resolved.get(path) ?? path });
    },
  };
}

async function* walk(directory: string, below: string, wanted?: (path: string) => boolean): AsyncIterable<string> {
  for (const entry of await readdir(join(directory, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (below === "" && wanted !== undefined && !wanted(path)) continue;
    if (!entry.isDirectory()) yield path;
    else if (!skippedDirectories.has(entry.name)) yield* walk(directory, path, wanted);
  }
}

async function describe(
  directory: string,
  path: string,
  hashes: DirectoryHashes | undefined,
): Promise<TreeFile | RefusedEntry | (LinkTarget & { readonly path: string })> {
  const stats = await lstat(join(directory, path));
  if (stats.isSymbolicLink()) return { path, target: await readlink(join(directory, path)), isHard: false };
  if (!stats.isFile()) return { path, reason: "is no file" };
  const bad = badTreePath(path);
  if (bad !== undefined) return { path, reason: bad };
  if (stats.size > treeLimits.fileBytes)
    return { path, reason: `is larger than ${treeLimits.fileBytes / 1024 / 1024} MiB` };
  const sha256 = hashes?.find(path, stats) ?? (await hashFile(join(directory, path)));
  hashes?.add(path, stats, sha256);
  return { path, mode: (stats.mode & 0o100) === 0 ? 0o644 : 0o755, size: stats.size, sha256 };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of streamHostFile(path, { noFollow: true })) hash.update(piece);
  return hash.digest("hex");
}

async function readUnchanged(directory: string, file: TreeFile): Promise<Buffer> {
  const path = join(directory, file.path);
  const bytes = await readHostFile(path, { maxBytes: treeLimits.fileBytes, noFollow: true });
  if (bytes === undefined || createHash("sha256").update(bytes).digest("hex") !== file.sha256)
    throw new SandboxFileError(`${path} changed while it was read`, { retryable: true });
  return bytes;
}

function directoryError(directory: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return new SandboxNotFoundError(`There is no directory ${directory}`, { cause });
  if (code === "ENOTDIR") return new SandboxNotFoundError(`${directory} is no directory`, { cause });
  if (code === "EACCES") return new SandboxFileError(`${directory} cannot be read: permission denied`, { cause });
  return cause;
}
