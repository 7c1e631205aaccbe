import type { Stats } from "node:fs";
import { lstat, realpath, stat } from "node:fs/promises";
import { InvalidOptionsError } from "../errors/index.ts";
import { notAFile } from "../host-files/file-kind.ts";

/** Larger files that are mostly holes are nobody's work: git reads them whole. */
const maxSparseBytes = 64 * 1024 * 1024;
const blockBytes = 512;

/**
 * Throws `invalid-options` for a file at which git would wait or read without an end: a pipe, a device, a link to one or
 * into the kernel's file systems, a file of holes. Sockets, which git cannot open, and directories pass.
 */
export async function refuseEndlessFile(path: string | Buffer): Promise<void> {
  const own = await lstat(path).catch(() => undefined);
  if (own === undefined) return;
  if (!own.isSymbolicLink()) return refuse(path, own, "");
  const target = await stat(path).catch(() => undefined);
  if (target === undefined) return;
  refuse(path, target, "leads to ");
  const real = await realpath(path).catch(() => String(path));
  if (/^\/(?:proc|sys|dev)\/./.test(real) && target.isFile()) throw endless(path, `leads to ${real}`);
}

function refuse(path: string | Buffer, stats: Stats, verb: string): void {
  const kind = notAFile(stats);
  if (kind === "a named pipe" || kind === "a device") throw endless(path, `${verb || "is "}${kind}`);
  if (stats.isFile() && stats.size > maxSparseBytes && stats.blocks * blockBytes < stats.size / 2) {
    throw endless(path, `${verb || "is "}a file of ${stats.size} bytes that holds almost nothing`);
  }
}

function endless(path: string | Buffer, what: string): InvalidOptionsError {
  return new InvalidOptionsError(`git would hang in this repository: ${path} ${what}`, {
    hint: "Remove it. A repository that git made itself has none.",
  });
}
