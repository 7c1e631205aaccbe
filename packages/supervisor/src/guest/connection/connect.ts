import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findSocketDirectory, socketName } from "./socket-directory.ts";
import { stdioDuplex } from "./stdio-duplex.ts";

const startupMs = 5000;

/** Joins standard input and output to the resident process. Settles when either side has ended. */
export async function connect(): Promise<void> {
  const socket = await reachSocket();
  const stdio = stdioDuplex();
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
    const directory = findSocketDirectory();
    const socket = directory === undefined ? undefined : createConnection(join(directory, socketName));
    const failure = await new Promise<Error | undefined>((resolve) => {
      if (socket === undefined) return resolve(new Error("No supervisor runs here."));
      socket.once("connect", () => resolve(undefined)).once("error", resolve);
    });
    if (socket !== undefined && failure === undefined) return socket;
    if (performance.now() > deadline) throw failure;
    await delay(20);
  }
}
