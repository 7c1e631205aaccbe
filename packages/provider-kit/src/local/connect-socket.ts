import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { createConnection, type Socket } from "node:net";

/**
 * Connects to a Unix socket by its directory and name; `undefined` where nothing listens. The address of a socket holds 107
 * bytes, and a state directory may have a longer path: a descriptor of the open directory makes a short one.
 */
export async function connectSocket(directory: string, name: string): Promise<Socket | undefined> {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
    const socket = createConnection(`/proc/self/fd/${descriptor}/${name}`);
    await once(socket, "connect");
    return socket;
  } catch {
    // The socket does not exist yet, or belonged to a process that has ended.
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
