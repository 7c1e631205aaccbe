import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface FailingEngine extends AsyncDisposable {
  /** Where it listens: `unix:///tmp/…`. */
  readonly address: string;
  /** How many requests it has failed. */
  failed(): number;
}

/** An engine's socket that answers 500 to the first requests that match, and passes everything else to the engine itself. */
export async function startFailingEngine(
  socketPath: string,
  { matches, times }: { readonly matches: RegExp; readonly times: number },
): Promise<FailingEngine> {
  const directory = await mkdtemp(join(tmpdir(), "glovebox-engine-"));
  const path = join(directory, "engine.sock");
  const open = new Set<Socket>();
  const hold = (socket: Socket): Socket => {
    open.add(socket);
    socket.on("error", () => socket.destroy()).once("close", () => open.delete(socket));
    return socket;
  };
  let failed = 0;
  // The local runtime opens a connection for each request, so its first bytes name the request.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    hold(client).once("data", (head: Buffer) => {
      if (failed < times && matches.test(head.toString("latin1"))) {
        failed += 1;
        const body = '{"message":"out of order"}';
        const fields = `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close`;
        client.end(`HTTP/1.1 500 Internal Server Error\r\n${fields}\r\n\r\n${body}`);
        return;
      }
      const engine = hold(connect({ path: socketPath, allowHalfOpen: true }));
      engine.write(head);
      client.pipe(engine).pipe(client);
      client.once("close", () => engine.destroy());
      engine.once("close", () => client.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    address: `unix://${path}`,
    failed: () => failed,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
