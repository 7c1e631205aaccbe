import { readdirSync, statSync } from "node:fs";
import { basename, join, posix } from "node:path";
import { InvalidOptionsError } from "../../errors/index.ts";
import { streamHostFile } from "../../host-files/read-host-file.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import type { SkippedEntry } from "../manifest.ts";
import { readArchivePath, showName } from "../paths/archive-path.ts";
import { WorkspaceArchive } from "../upload/workspace-archive.ts";
import type { CopiedFiles } from "./copy-from-sandbox.ts";

/** How `copyToSandbox` copies. */
export interface CopyToSandboxOptions {
  /** A file or a directory on the host, absolute. */
  readonly source: string;
  /** The place in the sandbox, absolute. Below it, by the source's own name, if it is a directory that exists. */
  readonly target: string;
  readonly signal?: AbortSignal;
}

/**
 * Copies a file or a directory into a sandbox, as the sandbox's user. Links go in as links and are not followed. Replaces
 * files there. Throws `invalid-options` if the source does not exist or is neither a file nor a directory.
 */
export async function copyToSandbox(sandbox: Sandbox, options: CopyToSandboxOptions): Promise<CopiedFiles> {
  const { source, signal } = options;
  const call = signal === undefined ? {} : { signal };
  const found = statSync(source, { throwIfNoEntry: false });
  if (found === undefined) throw new InvalidOptionsError(`${source} does not exist`);
  const existing = await sandbox.files.stat(options.target, call);
  const path = existing?.kind === "directory" ? posix.join(options.target, basename(source)) : options.target;
  if (!found.isDirectory()) {
    await sandbox.files.writeStream(path, streamHostFile(source), { mode: found.mode & 0o777, ...call });
    return { path, files: 1, bytes: found.size, skipped: [] };
  }
  const skipped: SkippedEntry[] = [];
  const paths = [...filesBelow(source, "", skipped)];
  const archive = new WorkspaceArchive({
    workspace: source,
    paths,
    signal,
    onWarning: (_, reason) => skipped.push({ path: "", reason }),
  });
  await sandbox.files.makeDirectory(path, call);
  await sandbox.files.putArchive(path, archive, call);
  const files = archive.entries.filter(({ kind }) => kind !== "directory");
  return { path, files: files.length, bytes: files.reduce((sum, { size = 0 }) => sum + size, 0), skipped };
}

/** Everything below a directory, relative to it. Links are not followed. */
function* filesBelow(directory: string, below: string, skipped: SkippedEntry[]): Generator<string> {
  const entries = readdirSync(join(directory, below), { withFileTypes: true, encoding: "buffer" });
  for (const entry of entries) {
    const read = readArchivePath(entry.name);
    if ("reason" in read) {
      skipped.push({ path: posix.join(below, showName(entry.name)), reason: read.reason });
      continue;
    }
    const path = posix.join(below, read.path);
    yield path;
    if (entry.isDirectory()) yield* filesBelow(directory, path, skipped);
  }
}
