import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { Stage } from "./stage.ts";

/** A way to the engine that can be cut, or frozen: then its sockets stay, and nothing passes any more. */
export async function wayToEngine(stage: Stage) {
  const sockets = new Set<Socket>();
  let isOpen = true;
  let isFrozen = false;
  const server = createServer((inner) => {
    if (!isOpen) return inner.destroy();
    const outer = connect("/var/run/docker.sock");
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    if (!isFrozen) inner.pipe(outer).pipe(inner);
    return undefined;
  });
  const path = join(stage.directory, "..", "engine.sock");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    cut(andStayClosed = false) {
      isOpen = !andStayClosed;
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.dispose]() {
      this.cut(true);
      server.close();
    },
  };
}
