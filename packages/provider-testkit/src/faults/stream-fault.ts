import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { FaultKind } from "./fault-kind.ts";
import { isRefusal, refusals } from "./refusals.ts";

/** Of a stream that is slow: odd, so that the pieces fall across whatever frames it carries. */
const slowPieceBytes = 997;
const slowPauseMs = 2;

export interface StreamFaultOptions {
  readonly fault: FaultKind | undefined;
  readonly client: Duplex;
  readonly forward: () => Duplex;
  /** How many bytes of the answer pass before a fault in the middle. */
  readonly half: number;
  readonly onBytes: (bytes: number) => void;
}

/** Forwards an upgraded connection, with the fault applied. */
export function streamFault({ fault, client, forward, half, onBytes }: StreamFaultOptions): void {
  if (fault === "cut-before") return void client.destroy();
  if (isRefusal(fault)) {
    const { status, headers, body } = refusals[fault];
    const lines = Object.entries({ ...headers, "content-length": body.length }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    client.end(`HTTP/1.1 ${status} Refused\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
    return;
  }
  const server = forward();
  if (fault === "cut-during") {
    server.once("data", () => server.destroy());
    client.destroy();
    return;
  }
  client.on("close", () => server.destroy());
  server.on("close", () => {
    // What was sent last must still arrive.
    if (!client.writableEnded) client.destroy();
  });
  client.pipe(server);
  if (fault === "slow") return void passSlowly(server, client, onBytes);
  let passed = 0;
  server.on("data", (bytes: Buffer) => {
    onBytes(bytes.length);
    const left = fault === undefined ? bytes.length : Math.max(0, (fault === "cut-after" ? 1 : half) - passed);
    passed += bytes.length;
    if (fault === undefined || left >= bytes.length) {
      if (!client.write(bytes)) server.pause();
    } else if (fault === "stall") {
      client.write(bytes.subarray(0, left));
      server.pause().removeAllListeners("data");
    } else {
      client.end(bytes.subarray(0, left));
      server.destroy();
    }
  });
  client.on("drain", () => server.resume());
  server.on("end", () => client.end());
}

async function passSlowly(server: Duplex, client: Duplex, onBytes: (bytes: number) => void): Promise<void> {
  try {
    for await (const bytes of server as AsyncIterable<Buffer>) {
      onBytes(bytes.length);
      for (let at = 0; at < bytes.length; at += slowPieceBytes) {
        client.write(bytes.subarray(at, at + slowPieceBytes));
        await delay(slowPauseMs);
      }
    }
    client.end();
  } catch {
    client.destroy();
  }
}
