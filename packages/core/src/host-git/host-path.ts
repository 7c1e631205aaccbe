import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";

/** A path of the host as bytes, since git takes names that are not valid UTF-8. */
export type HostPath = Buffer;

export function hostPath(path: string): HostPath {
  return Buffer.from(path);
}

/** A file's text of which every character is one byte, so that a path in it can be given back as it is. */
export function asLatin1(bytes: Buffer | undefined): string {
  return bytes?.toString("latin1") ?? "";
}

/**
 * Where a path in a file of git's leads, seen from a directory. The parts are not resolved by their names: behind a link,
 * `..` is another place to the system than it is to a reader. Git's paths end at a zero byte.
 */
export function leadsTo(directory: HostPath, latin1: string): HostPath {
  const path = Buffer.from(latin1.replace(/\0.*/s, ""), "latin1");
  return isAbsolute(latin1) ? path : Buffer.concat([directory, Buffer.from("/"), path]);
}

export function below(directory: HostPath, name: string | Buffer): HostPath {
  return Buffer.concat([directory, Buffer.from("/"), Buffer.from(name)]);
}

/** What cannot be listed, git cannot list either. */
export async function listDirectory(directory: HostPath): Promise<Dirent<Buffer>[]> {
  return await readdir(directory, { withFileTypes: true, encoding: "buffer" }).catch(() => []);
}

export async function isDirectory(path: HostPath): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

export async function pathExists(path: HostPath): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** The same for every path of one place; `undefined` when nothing is there. */
export async function realPlace(path: HostPath): Promise<string | undefined> {
  return (await realpath(path, { encoding: "buffer" }).catch(() => undefined))?.toString("latin1");
}
