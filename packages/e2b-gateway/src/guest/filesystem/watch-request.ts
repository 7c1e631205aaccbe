import { stat } from "node:fs/promises";
import { ConnectFailure } from "../connect/connect-failure.ts";
import type { Message } from "../connect/message.ts";
import { describeError, errorCode } from "../system-error.ts";
import { isOnNetworkMount } from "./network-mount.ts";

export interface WatchRequest {
  readonly root: string;
  readonly recursive: boolean;
  readonly includeEntry: boolean;
}

/** Reads what is to be watched. Throws `not_found` or `invalid_argument` for a path that cannot be. */
export async function readWatchRequest(message: Message, root: string): Promise<WatchRequest> {
  const found = await stat(root).catch((error: unknown) => {
    const code = errorCode(error) === "ENOENT" ? "not_found" : "internal";
    throw new ConnectFailure(code, `path ${root} not found: ${describeError(error)}`);
  });
  if (!found.isDirectory()) throw new ConnectFailure("invalid_argument", `path ${root} not a directory`);
  if (!message.flag("allowNetworkMounts") && (await isOnNetworkMount(root))) {
    throw new ConnectFailure("invalid_argument", `cannot watch path on network filesystem: ${root}`);
  }
  return { root, recursive: message.flag("recursive"), includeEntry: message.flag("includeEntry") };
}
