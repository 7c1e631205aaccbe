import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";

/** A folder that is one server's for as long as this is not closed, or its process ends. */
export interface HeldFolder {
  close(): void;
}

/**
 * Holds a folder by a socket in it, on which nobody answers once its process has ended. Rejects with `invalid-options` while
 * another server holds it: two would end each other's sandboxes, by time-outs that only one of them has moved.
 */
export async function holdFolder(folder: string): Promise<HeldFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "server.sock");
  const server = createServer((socket) => socket.destroy()).unref();
  try {
    if (await listens(server, path)) return server;
    if (await answers(path)) {
      throw new InvalidOptionsError(`Another server uses ${folder}`, {
        hint: "Give this one a folder of its own: --state-dir.",
      });
    }
    // Of a server that was killed.
    await rm(path, { force: true });
    if (await listens(server, path)) return server;
  } catch (cause) {
    if (cause instanceof InvalidOptionsError) throw cause;
    // A socket's path is short; in a folder that lies deeper nothing tells of another server.
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENAMETOOLONG" || code === "EINVAL") return server;
    throw new InvalidOptionsError(`The folder ${folder} cannot be used (${code})`, { hint: "See --state-dir.", cause });
  }
  throw new InvalidOptionsError(`Another server has just taken ${folder}`, {
    hint: "Give this one a folder of its own: --state-dir.",
  });
}

/** False where there is such a socket already. */
async function listens(server: Server, path: string): Promise<boolean> {
  try {
    server.listen(path);
    await once(server, "listening");
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  }
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // Refused, or gone meanwhile: nobody is there.
    return false;
  } finally {
    socket.destroy();
  }
}
