import { posix } from "node:path";
import { type FileInfo, type FileKind, sandboxUser } from "@glovebox/core/provider";

/** A file's attributes as SFTP carries them; times in seconds. */
export interface FileAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly atime: number;
  readonly mtime: number;
}

const typeBits: Readonly<Record<FileKind, number>> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  other: 0o010000,
};

/** The type is part of the mode. */
export function fileAttributes({ kind, mode, size, modifiedAt }: FileInfo): FileAttributes {
  const seconds = Math.max(0, Math.floor(modifiedAt.getTime() / 1000));
  const { uid, gid } = sandboxUser;
  return { mode: typeBits[kind] | (mode & 0o7777), uid, gid, size, atime: seconds, mtime: seconds };
}

/** A line of `ls -l`, which clients show as it is. */
export function longName(info: FileInfo): string {
  const { kind, mode, size, modifiedAt, path } = info;
  const letter = { file: "-", directory: "d", symlink: "l", other: "p" }[kind];
  const rights = [6, 3, 0].map((shift) =>
    ["r", "w", "x"].map((right, bit) => ((mode >> shift) & (4 >> bit) ? right : "-")),
  );
  const time = modifiedAt.toISOString().slice(0, 16).replace("T", " ");
  const { name } = sandboxUser;
  return `${letter}${rights.flat().join("")} 1 ${name} ${name} ${String(size).padStart(12)} ${time} ${posix.basename(path)}`;
}
