import { randomBytes } from "node:crypto";
import { link, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, posix } from "node:path";
import {
  InvalidOptionsError,
  type SandboxError,
  SandboxFileError,
  SandboxNotFoundError,
  SandboxQuotaError,
} from "../../errors/index.ts";
import { checkWritePlace } from "../../host-files/check-write-place.ts";
import { makeHostDirectory } from "../../host-files/make-host-directory.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import type { FileInfo } from "../../provider/sandbox-files.ts";
import { limitSettings } from "../../run-settings/limit-settings.ts";
import { safeName } from "../../text/safe-name.ts";
import type { CollectLimits } from "../collect/collect-limits.ts";
import { extractArchive } from "../extract/extract-archive.ts";
import type { SkippedEntry } from "../manifest.ts";
import { probeFilesystem } from "../paths/filesystem-traits.ts";

/** How `copyFromSandbox` copies. */
export interface CopyFromSandboxOptions {
  /** A file or a directory in the sandbox, absolute. */
  readonly source: string;
  /** The place on the host, absolute. Below it, by the source's own name, if it is a directory that exists. */
  readonly target: string;
  /** Lets files on the host give way. Default: false. */
  readonly overwrite?: boolean;
  readonly limits?: CollectLimits;
  readonly signal?: AbortSignal;
}

/** What was copied. */
export interface CopiedFiles {
  /** Where it is on the host, or in the sandbox. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  /** What was not copied, and why. */
  readonly skipped: readonly SkippedEntry[];
}

/**
 * Copies a file or a directory out of a sandbox. Everything in it is hostile: nothing is written outside the target, through
 * a link, or into a directory of a version control system. Throws `not-found` if the source does not exist, and
 * `invalid-options` for a target that must not be written.
 */
export async function copyFromSandbox(sandbox: Sandbox, options: CopyFromSandboxOptions): Promise<CopiedFiles> {
  const source = posix.normalize(options.source).replace(/(?<=.)\/$/, "");
  const call = options.signal === undefined ? {} : { signal: options.signal };
  const found = await sandbox.files.stat(source, call);
  if (found === null) throw new SandboxNotFoundError(`${safeName(source)} does not exist in the sandbox`);
  const target = checkWritePlace(await placeFor(source, options.target));
  if (found.kind === "directory") return await copyDirectory(sandbox, { ...options, source, target });
  if (found.kind === "file") return await copyOneFile(sandbox, { ...options, source, target }, found);
  const what =
    found.kind === "symlink" ? `a link to ${safeName(found.target ?? "?")}` : "neither a file nor a directory";
  throw new InvalidOptionsError(`${safeName(source)} is ${what}`, { hint: "Name a file or a directory." });
}

async function placeFor(source: string, target: string): Promise<string> {
  const existing = await stat(target).catch(() => undefined);
  if (!existing?.isDirectory()) return target;
  const name = posix.basename(source);
  if (name === "") throw new InvalidOptionsError("The root of the sandbox cannot be copied as a whole");
  return join(target, name);
}

async function copyDirectory(sandbox: Sandbox, options: CopyFromSandboxOptions): Promise<CopiedFiles> {
  const { source, target, overwrite = false, limits, signal } = options;
  await makeHostDirectory(target);
  const archive = await sandbox.files.getArchive(source, signal === undefined ? {} : { signal });
  const extraction = await extractArchive(archive, {
    directory: target,
    traits: probeFilesystem(target),
    totalBytes: limits?.totalBytes ?? defaultBytes(limitSettings.maxTotalSize),
    fileBytes: limits?.fileBytes ?? defaultBytes(limitSettings.maxFileSize),
    ignores: () => false,
    existing: () => ({ mayReplace: overwrite }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (extraction.error !== undefined) throw extraction.error;
  const reason = "a git repository's own files are not copied: they can make this machine execute something";
  return {
    path: target,
    files: [...extraction.entries.values()].filter(({ kind }) => kind !== "directory").length,
    bytes: extraction.bytes,
    skipped: [
      ...extraction.skipped,
      ...extraction.repositories.map(({ path }) => ({ path: join(path, ".git"), reason })),
    ],
  };
}

async function copyOneFile(sandbox: Sandbox, options: CopyFromSandboxOptions, found: FileInfo): Promise<CopiedFiles> {
  const { source, target, overwrite = false, limits, signal } = options;
  const most = limits?.fileBytes ?? defaultBytes(limitSettings.maxFileSize);
  await makeHostDirectory(dirname(target));
  const partial = join(dirname(target), `.glovebox-${randomBytes(6).toString("hex")}.partial`);
  try {
    const handle = await open(partial, "wx", found.mode & 0o777);
    let bytes = 0;
    try {
      for await (const piece of await sandbox.files.readStream(source, signal === undefined ? {} : { signal })) {
        bytes += piece.byteLength;
        if (bytes > most) throw new SandboxQuotaError(`${safeName(source)} is larger than ${most} bytes`);
        await handle.writeFile(piece);
      }
    } finally {
      await handle.close();
    }
    if (overwrite) await rename(partial, target);
    else await link(partial, target);
    return { path: target, files: 1, bytes, skipped: [] };
  } catch (cause) {
    throw asWriteError(cause, target);
  } finally {
    await rm(partial, { force: true });
  }
}

function asWriteError(cause: unknown, target: string): unknown {
  const { code, syscall } = cause as NodeJS.ErrnoException;
  if (syscall === undefined) return cause;
  if (code === "EEXIST" || code === "EISDIR") return exists(target);
  return new SandboxFileError(`${safeName(target)} cannot be written: ${code}`, { cause });
}

function exists(target: string): SandboxError {
  return new InvalidOptionsError(`${safeName(basename(target))} exists in ${safeName(dirname(target))}`, {
    hint: "Choose another name, or let it be overwritten.",
    remedy: { set: "overwrite" },
  });
}

function defaultBytes(size: { readonly default: number; readonly specFactor: number }): number {
  return size.default * size.specFactor;
}
