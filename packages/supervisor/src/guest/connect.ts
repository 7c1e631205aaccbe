import { createConnection } from "node:net";
import { join } from "node:path";
import { findSocketFolder, socketName } from "./socket-folder.ts";
import { stdioDuplex } from "./stdio-duplex.ts";

/** Joins standard input and output to the resident process. Settles when either side has ended. */
export async function connect(): Promise<void> {
  const folder = findSocketFolder();
  if (folder === undefined) throw new Error("No supervisor runs here.");
  const socket = createConnection(join(folder, socketName));
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const stdio = stdioDuplex();
  await new Promise<void>((resolve) => {
    for (const side of [socket, stdio]) side.on("error", () => resolve()).once("close", () => resolve());
    stdio.pipe(socket);
    socket.pipe(stdio);
  });
  socket.destroy();
  stdio.destroy();
}
