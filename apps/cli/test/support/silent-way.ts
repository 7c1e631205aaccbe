import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface SilentWay extends Disposable {
  readonly url: string;
  /** From here on nothing passes: the connections stay, new ones are accepted. */
  freeze(): void;
}

/** A way to a server of this machine that can fall silent. */
export async function silentWay(target: string): Promise<SilentWay> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  };
  const server = createServer((inner) => {
    hold(inner);
    if (isFrozen) return;
    const outer = connect(Number(port), hostname);
    hold(outer);
    inner.pipe(outer).pipe(inner);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
