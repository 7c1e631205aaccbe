import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { Stage } from "./stage.ts";

/** A way to the engine that can be cut. */
export async function wayToEngine(stage: Stage) {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((inner) => {
    if (!isOpen) return inner.destroy();
    const outer = connect("/var/run/docker.sock");
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    inner.pipe(outer).pipe(inner);
    return undefined;
  });
  const path = join(stage.folder, "..", "engine.sock");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
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
