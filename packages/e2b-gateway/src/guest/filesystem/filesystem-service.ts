import { realpath, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ConnectFailure } from "../connect/connect-failure.ts";
import type { Message } from "../connect/message.ts";
import type { Call, RpcTable } from "../connect/rpc.ts";
import type { EnvdState } from "../envd-state.ts";
import type { FileMetadata } from "../files/file-metadata.ts";
import { describeError, errorCode } from "../system-error.ts";
import { ensureDirectory } from "../users/ensure-directory.ts";
import { UserDatabase } from "../users/user-database.ts";
import { userPath } from "../users/user-path.ts";
import { type EntryInfo, type EntrySources, readEntryInfo } from "./entry-info.ts";
import { listDirectory } from "./list-directory.ts";
import { moveEntry } from "./move-entry.ts";
import { watchService } from "./watch-service.ts";

/** E2B's `filesystem.Filesystem`. It acts as root, as E2B's does; what it makes is the user's. */
export function filesystemService(state: EnvdState, metadata: FileMetadata): RpcTable {
  const sources = (): EntrySources => ({ users: new UserDatabase(), metadata });
  const resolve = (path: string, call: Call): string => resolvePath(path, call, state);
  return {
    "/filesystem.Filesystem/Stat": {
      kind: "unary",
      handle: async (message, call) => ({ entry: await entryAt(resolve(message.text("path"), call), sources()) }),
    },
    "/filesystem.Filesystem/MakeDir": {
      kind: "unary",
      handle: (message, call) => makeDir(resolve(message.text("path"), call), call, sources()),
    },
    "/filesystem.Filesystem/Move": {
      kind: "unary",
      handle: (message, call) => {
        const source = resolve(message.text("source"), call);
        return move(source, resolve(message.text("destination"), call), call, sources());
      },
    },
    "/filesystem.Filesystem/ListDir": {
      kind: "unary",
      handle: (message, call) => listDir(message, resolve(message.text("path"), call), sources()),
    },
    "/filesystem.Filesystem/Remove": {
      kind: "unary",
      handle: (message, call) => remove(resolve(message.text("path"), call)),
    },
    ...watchService({ resolve, sources }),
  };
}

function resolvePath(path: string, call: Call, state: EnvdState): string {
  const user = call.user();
  try {
    return userPath(path, user, state.defaultWorkdir);
  } catch (error) {
    throw new ConnectFailure("invalid_argument", describeError(error));
  }
}

async function entryAt(path: string, sources: EntrySources): Promise<EntryInfo> {
  try {
    return await readEntryInfo(path, sources);
  } catch (error) {
    if (errorCode(error) === "ENOENT") throw new ConnectFailure("not_found", `file not found: ${describeError(error)}`);
    throw new ConnectFailure("internal", `error getting file info: ${describeError(error)}`);
  }
}

async function makeDir(path: string, call: Call, sources: EntrySources): Promise<object> {
  const found = await stat(path).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new ConnectFailure("internal", `error getting file info: ${describeError(error)}`);
  });
  if (found?.isDirectory()) throw new ConnectFailure("already_exists", `directory already exists: ${path}`);
  if (found !== undefined) {
    throw new ConnectFailure("invalid_argument", `path already exists but it is not a directory: ${path}`);
  }
  await ensureDirectory(path, call.user());
  return { entry: await entryAt(path, sources) };
}

async function move(source: string, destination: string, call: Call, sources: EntrySources): Promise<object> {
  await ensureDirectory(dirname(destination), call.user());
  try {
    await moveEntry(source, destination);
  } catch (error) {
    if (errorCode(error) === "ENOENT")
      throw new ConnectFailure("not_found", `source file not found: ${describeError(error)}`);
    throw new ConnectFailure("internal", `error renaming: ${describeError(error)}`);
  }
  return { entry: await entryAt(destination, sources) };
}

async function listDir(message: Message, path: string, sources: EntrySources): Promise<object> {
  const depth = message.number("depth") || 1;
  const resolved = await realpath(path).catch((error: unknown) => {
    const code = errorCode(error);
    if (code === "ENOENT") throw new ConnectFailure("not_found", `path not found: ${describeError(error)}`);
    if (code === "ELOOP")
      throw new ConnectFailure("failed_precondition", `cyclic symlink or chain >255 links at "${path}"`);
    throw new ConnectFailure("internal", `error resolving symlink: ${describeError(error)}`);
  });
  if (!(await stat(resolved)).isDirectory()) {
    throw new ConnectFailure("invalid_argument", `path is not a directory: ${path}`);
  }
  return { entries: await listDirectory(path, depth, sources) };
}

async function remove(path: string): Promise<object> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw new ConnectFailure("internal", `error removing file or directory: ${describeError(error)}`);
  }
  return {};
}
