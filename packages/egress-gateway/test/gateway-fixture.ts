import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import type { EgressEvent, EgressPolicy } from "@glovebox/core/provider";
import { afterEach } from "vitest";
import { createGateway, type Gateway, type GatewayOptions } from "../src/index.ts";
import { InsideStream } from "./inside-stream.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs after the test, the last one first. */
export function cleanup(work: () => unknown): void {
  cleanups.push(work);
}

/** Listens on loopback until the test ends; gives the port. */
export async function listen(server: Server, host = "127.0.0.1"): Promise<number> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => open.delete(socket));
  });
  await once(server.listen(0, host), "listening");
  cleanup(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

export interface Fixture {
  readonly gateway: Gateway;
  readonly port: number;
  /** As programs take it: `http://127.0.0.1:1234`. */
  readonly url: string;
  readonly events: EgressEvent[];
  /** The next event, once it is there. */
  event(): Promise<EgressEvent>;
}

/** A gateway behind a loopback listener, which stands for the byte streams that come out of a sandbox. */
export async function startGateway(
  policy: Partial<EgressPolicy>,
  options: Partial<Omit<GatewayOptions, "policy">> = {},
): Promise<Fixture> {
  const events: EgressEvent[] = [];
  let read = 0;
  const gateway = createGateway({
    env: {},
    resolve: async () => ["127.0.0.1"],
    ...options,
    policy: { mode: "sealed", models: [], ...policy },
    observer: { onRequest: (event) => events.push(event) },
  });
  const port = await listen(
    createServer({ allowHalfOpen: true }, (socket) => gateway.handle(new InsideStream(socket))),
  );
  cleanup(() => gateway.close());
  const event = async (): Promise<EgressEvent> => {
    await until(() => events.length > read);
    const found = events[read];
    read += 1;
    if (found === undefined) throw new Error("unreachable");
    return found;
  };
  return { gateway, port, url: `http://127.0.0.1:${port}`, events, event };
}

/** Sends bytes as they are and gives what comes back until the connection ends. */
export async function raw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(bytes);
  return text(socket);
}

/** A tunnel as CONNECT opens it: the stream after the answer's head, and the status. */
export async function openTunnel(port: number, authority: string): Promise<{ socket: Socket; head: string }> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  cleanup(() => socket.destroy());
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  let head = Buffer.alloc(0);
  while (!head.includes("\r\n\r\n")) {
    const chunk: Buffer | null = socket.read();
    if (chunk !== null) head = Buffer.concat([head, chunk]);
    else if (socket.readableEnded || socket.destroyed) break;
    else await Promise.race([once(socket, "readable"), once(socket, "close"), once(socket, "end")]);
  }
  const end = head.indexOf("\r\n\r\n") + 4;
  if (head.length > end) socket.unshift(head.subarray(end));
  return { socket, head: head.subarray(0, end).toString() };
}

export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("the condition did not come true");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Lets an allowed name resolve to this machine's loopback, without opening any other port. */
export function loopback(port: number) {
  return { host: "127.0.0.1", port, source: "test" } as const;
}
