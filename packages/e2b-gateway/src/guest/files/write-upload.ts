import { randomUUID } from "node:crypto";
import { constants, createReadStream, existsSync } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { HttpFailure } from "../http-failure.ts";
import { describeError, errorCode } from "../system-error.ts";
import { ensureDirectory } from "../users/ensure-directory.ts";
import type { User } from "../users/user.ts";
import type { FileMetadata } from "./file-metadata.ts";
import type { Metadata } from "./metadata-headers.ts";
import { writeAll } from "./write-all.ts";

const { O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK } = constants;
const copyBytes = 1024 * 1024;
/** On the disk: in a sandbox `/tmp` may be memory. */
const spoolDirectory = existsSync("/var/tmp") ? "/var/tmp" : tmpdir();

export interface UploadTarget {
  readonly path: string;
  readonly user: User;
  readonly metadata: Metadata;
  readonly kept: FileMetadata;
}

/** What an upload's answer tells of each file. */
export interface WrittenFile {
  readonly path: string;
  readonly name: string;
  readonly type: "file";
  readonly metadata?: Metadata;
}

/**
 * Writes a file, the user's own, and makes the directories above it. One that is there is written in place, once the whole body
 * has come; one that is not is gone again when the body breaks off.
 */
export async function writeUpload(target: UploadTarget, body: Readable): Promise<WrittenFile> {
  const { path, metadata } = target;
  try {
    await ensureDirectory(dirname(path), target.user);
    const found = await stat(path).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return undefined;
      throw error;
    });
    if (found?.isDirectory()) throw new HttpFailure(400, `path is a directory: ${path}`);
    if (found === undefined) await create(target, body);
    else await replace(target, body);
  } catch (error) {
    throw toUploadFailure(error);
  }
  const known = Object.keys(metadata).length > 0;
  return { path, name: basename(path), type: "file", ...(known && { metadata }) };
}

async function create(target: UploadTarget, body: Readable): Promise<void> {
  try {
    await writeInto(target, body, true);
  } catch (error) {
    await rm(target.path, { force: true });
    throw error;
  }
}

async function replace(target: UploadTarget, body: Readable): Promise<void> {
  const waiting = join(spoolDirectory, `.envd-${randomUUID()}`);
  try {
    const spool = await open(waiting, "wx", 0o600);
    await writeAll(spool, body).finally(() => spool.close());
    await writeInto(target, createReadStream(waiting, { highWaterMark: copyBytes }), false);
  } finally {
    await rm(waiting, { force: true });
  }
}

async function writeInto({ path, user, metadata, kept }: UploadTarget, body: Readable, isNew: boolean): Promise<void> {
  // Where a pipe is in the way that nobody reads, the kernel refuses instead of waiting.
  const file = await open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o666);
  try {
    await file.chown(user.uid, user.gid);
    await kept.write(path, metadata, isNew);
    await writeAll(file, body);
  } finally {
    await file.close();
  }
}

function toUploadFailure(error: unknown): Error {
  if (error instanceof HttpFailure) return error;
  const code = errorCode(error);
  if (code === "ENOSPC" || code === "EDQUOT") return new HttpFailure(507, "not enough disk space available");
  if (code.startsWith("Z_")) return new HttpFailure(400, `error decompressing request body: ${describeError(error)}`);
  return new HttpFailure(500, `error writing file: ${describeError(error)}`);
}
