import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { EnvdState } from "../envd-state.ts";
import { HttpFailure } from "../http-failure.ts";
import { describeError, errorCode } from "../system-error.ts";
import { ensureDirectory } from "../users/ensure-directory.ts";
import { filesRequestOf } from "./files-request.ts";
import { writeAll } from "./write-all.ts";
import type { WrittenFile } from "./write-upload.ts";

const copyBytes = 1024 * 1024;

interface ComposeRequest {
  readonly source_paths?: readonly string[];
  readonly destination?: string;
  readonly username?: string;
}

/** `POST /files/compose`: puts files together, in their order, into one; they are gone when it is there. */
export async function composeFiles(json: string, state: EnvdState): Promise<WrittenFile> {
  const { source_paths: sourcePaths, destination, username } = parse(json);
  if (!Array.isArray(sourcePaths) || sourcePaths.length === 0)
    throw new HttpFailure(400, "source_paths must not be empty");
  if (!destination) throw new HttpFailure(400, "destination is required");
  const files = filesRequestOf(username || state.defaultUser, undefined, state);
  const path = files.resolve(destination);
  const sources: string[] = [];
  for (const source of sourcePaths) sources.push(await checkSource(source, files.resolve(String(source)), path));
  const partial = `${path}.e2b-compose.${randomUUID()}.tmp`;
  try {
    await ensureDirectory(dirname(path), files.user);
    await concatenate(sources, partial, files.user);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    if (errorCode(error) === "ENOSPC") throw new HttpFailure(507, "not enough disk space available");
    throw new HttpFailure(500, `error composing files: ${describeError(error)}`);
  }
  for (const source of new Set(sources)) await rm(source, { force: true });
  return { path, name: basename(path), type: "file" };
}

function parse(json: string): ComposeRequest {
  try {
    return JSON.parse(json) as ComposeRequest;
  } catch (error) {
    throw new HttpFailure(400, `invalid request body: ${describeError(error)}`);
  }
}

async function checkSource(source: string, path: string, destination: string): Promise<string> {
  if (path === destination) throw new HttpFailure(400, `source path "${source}" cannot be the same as destination`);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new HttpFailure(404, `source file not found: ${source}`);
  if (!found.isFile()) throw new HttpFailure(400, `source path is not a regular file: ${source}`);
  return path;
}

async function concatenate(
  sources: readonly string[],
  path: string,
  user: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const file = await open(path, "wx", 0o666);
  try {
    await file.chown(user.uid, user.gid);
    for (const source of sources) await writeAll(file, createReadStream(source, { highWaterMark: copyBytes }));
  } finally {
    await file.close();
  }
}
