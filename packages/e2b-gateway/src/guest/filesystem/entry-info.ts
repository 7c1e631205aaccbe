import type { BigIntStats } from "node:fs";
import { lstat, realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { FileMetadata } from "../files/file-metadata.ts";
import type { UserDatabase } from "../users/user-database.ts";
import { permissionsText } from "./permissions-text.ts";

/** What lies at a path, in protobuf's JSON form: zero values are left out, 64-bit numbers are strings. */
export interface EntryInfo {
  readonly name: string;
  readonly type?: "FILE_TYPE_FILE" | "FILE_TYPE_DIRECTORY";
  readonly path: string;
  readonly size?: string;
  readonly mode?: number;
  readonly permissions: string;
  readonly owner: string;
  readonly group: string;
  readonly modifiedTime: string;
  readonly symlinkTarget?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface EntrySources {
  readonly users: UserDatabase;
  readonly metadata: FileMetadata;
}

/** Looks at a path. Of a link, the type and mode are those of where it leads, the rest its own. Throws when it is not there. */
export async function readEntryInfo(path: string, { users, metadata }: EntrySources): Promise<EntryInfo> {
  const own = await lstat(path, { bigint: true });
  const symlinkTarget = own.isSymbolicLink() ? await realpath(path).catch(() => path) : undefined;
  const meant = symlinkTarget === undefined ? own : await stat(path, { bigint: true }).catch(() => undefined);
  const type = meant && typeOf(meant);
  const mode = Number(meant?.mode ?? 0n) & 0o777;
  const kept = own.isFile() || own.isDirectory() ? await metadata.read(path) : undefined;
  return {
    name: basename(path) || "/",
    ...(type && { type }),
    path,
    ...(own.size > 0n && { size: String(own.size) }),
    ...(mode !== 0 && { mode }),
    permissions: permissionsText({ mode: Number(own.mode) }),
    owner: users.userName(Number(own.uid)),
    group: users.groupName(Number(own.gid)),
    modifiedTime: timestamp(own.mtimeNs),
    ...(symlinkTarget !== undefined && { symlinkTarget }),
    ...(kept && { metadata: kept }),
  };
}

function typeOf(stats: BigIntStats): EntryInfo["type"] {
  if (stats.isFile()) return "FILE_TYPE_FILE";
  return stats.isDirectory() ? "FILE_TYPE_DIRECTORY" : undefined;
}

function timestamp(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n;
  const rest = nanoseconds % 1_000_000_000n;
  const whole = new Date(Number(seconds) * 1_000).toISOString().slice(0, -5);
  return `${whole}.${String(rest).padStart(9, "0")}Z`;
}
