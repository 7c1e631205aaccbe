import type { ServerHttp2Stream } from "node:http2";
import { createConnection, type Socket } from "node:net";
import { bridge } from "../connection/bridge.ts";
import type { GuestConfig } from "../guest-config.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";

/** A program that listens on `localhost` may have bound either. */
const loopback = ["127.0.0.1", "::1"];

/**
 * Connects a host's stream to a port of the sandbox's own loopback. Never to the port for what goes out: behind it is the
 * host itself.
 */
export async function serveTunnel(stream: ServerHttp2Stream, port: number, config: GuestConfig): Promise<void> {
  if (!(Number.isInteger(port) && port >= 1 && port <= 65535) || port === config.egressPort) {
    throw new SupervisorFailure("invalid-options", `The port ${port} cannot be reached.`);
  }
  const socket = await connectTo(port);
  if (stream.destroyed) socket.destroy();
  else bridge(socket, stream);
}

async function connectTo(port: number): Promise<Socket> {
  let refusal: unknown;
  for (const host of loopback) {
    try {
      return await new Promise<Socket>((resolve, reject) => {
        const socket = createConnection({ host, port, allowHalfOpen: true, noDelay: true });
        socket.once("connect", () => resolve(socket));
        socket.on("error", reject);
      });
    } catch (error) {
      refusal ??= error;
    }
  }
  throw new SupervisorFailure("not-found", `Nothing listens on the port ${port}: ${(refusal as Error).message}`);
}
