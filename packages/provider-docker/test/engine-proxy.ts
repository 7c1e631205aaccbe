import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Transform } from "node:stream";
import { onTestFinished } from "vitest";

export interface EngineProxy {
  readonly host: string;
  /** Connections that are open. */
  readonly connections: number;
  /** How many archives the engine was asked for. */
  archives: number;
  /** Is waited for before such a request continues. */
  beforeArchive: () => Promise<void>;
  /** Such a connection is cut after that many bytes of its answer. */
  archiveBytes: number;
  /** Is asked of each piece that goes to the engine: one that it takes does not get there. */
  intercept: (piece: Buffer, client: Socket) => boolean;
  /** Cuts every connection. */
  cut(): void;
  /** Passes nothing on any more, in either direction, and closes nothing. */
  freeze(): void;
}

/** The engine behind a socket of the test's own, so that its connections can be seen and cut. */
export async function engineProxy(): Promise<EngineProxy> {
  const directory = await mkdtemp(join(tmpdir(), "glovebox-proxy-"));
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const proxy = {
    host: `unix://${directory}/docker.sock`,
    archives: 0,
    beforeArchive: async () => {},
    archiveBytes: Number.POSITIVE_INFINITY,
    intercept: (_piece: Buffer, _client: Socket): boolean => false,
    get connections() {
      return sockets.size / 2;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: "/var/run/docker.sock", allowHalfOpen: true });
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        engine.destroy();
        sockets.delete(socket);
      });
    }
    if (isFrozen) return;
    client.once("data", async (first) => {
      client.pause();
      const isArchive = /^GET \S*\/archive\?path=%2Fworkspace/.test(first.toString("latin1"));
      if (isArchive) {
        proxy.archives += 1;
        await proxy.beforeArchive();
        let left = proxy.archiveBytes;
        engine.on("data", (bytes) => {
          left -= bytes.length;
          if (left < 0) client.destroy();
        });
      }
      const filter = new Transform({
        transform: (piece, _encoding, done) => (proxy.intercept(piece, client) ? done() : done(null, piece)),
      });
      client.pipe(filter).pipe(engine).pipe(client);
      client.unshift(first);
    });
  });
  await new Promise<void>((resolve) => server.listen(join(directory, "docker.sock"), resolve));
  onTestFinished(async () => {
    proxy.cut();
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true });
  });
  return proxy;
}
