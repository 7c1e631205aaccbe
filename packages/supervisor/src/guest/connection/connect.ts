import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isPrivileged } from "../privilege.ts";
import { abstractSocketName } from "./abstract-socket-name.ts";
import { readFirstLine } from "./read-first-line.ts";
import { findSocketDirectory, socketName } from "./socket-directory.ts";
import { stdioDuplex } from "./stdio-duplex.ts";

const startupMs = 5000;

/**
 * Joins standard input and output to the resident process. Settles when either side has ended. Where that process is not
 * root, the first line of the input is the token.
 */
export async function connect(): Promise<void> {
  const stdio = stdioDuplex();
  // The socket comes after it: a supervisor drops whoever does not send the token at once.
  const token = isPrivileged ? undefined : await readFirstLine(stdio);
  const socket = await reachSocket();
  if (token !== undefined) socket.write(`${process.pid} ${token}\n`, "latin1");
  await new Promise<void>((resolve) => {
    for (const side of [socket, stdio]) side.on("error", () => resolve()).once("close", () => resolve());
    stdio.pipe(socket);
    socket.pipe(stdio);
  });
  socket.destroy();
  stdio.destroy();
}

/** The resident process's socket. In a sandbox that has only begun to start it may take a moment to be there. */
async function reachSocket(): Promise<Socket> {
  const deadline = performance.now() + startupMs;
  for (;;) {
    const path = socketPath();
    const socket = path === undefined ? undefined : createConnection(path);
    const failure = await new Promise<Error | undefined>((resolve) => {
      if (socket === undefined) return resolve(new Error("No supervisor runs here."));
      socket.once("connect", () => resolve(undefined)).once("error", resolve);
    });
    if (socket !== undefined && failure === undefined) return socket;
    if (performance.now() > deadline) throw failure;
    await delay(20);
  }
}

function socketPath(): string | undefined {
  if (!isPrivileged) return abstractSocketName;
  const directory = findSocketDirectory();
  return directory === undefined ? undefined : join(directory, socketName);
}
