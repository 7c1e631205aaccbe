import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface EngineProxy {
  readonly host: string;
  /** Connections that are open. */
  readonly connections: number;
  /** How many archives the engine was asked for. */
  archives: number;
  /** Is waited for before such a request goes on. */
  beforeArchive: () => Promise<void>;
  /** Such a connection is cut after so many bytes of its answer. */
  archiveBytes: number;
  /** Cuts every connection. */
  cut(): void;
}

/** The engine behind a socket of the test's own, so that its connections can be seen and cut. */
export async function engineProxy(): Promise<EngineProxy> {
  const folder = await mkdtemp(join(tmpdir(), "glovebox-proxy-"));
  const sockets = new Set<Socket>();
  const proxy = {
    host: `unix://${folder}/docker.sock`,
    archives: 0,
    beforeArchive: async () => {},
    archiveBytes: Number.POSITIVE_INFINITY,
    get connections() {
      return sockets.size / 2;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
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
      engine.write(first);
      client.pipe(engine).pipe(client);
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "docker.sock"), resolve));
  onTestFinished(async () => {
    proxy.cut();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  return proxy;
}
