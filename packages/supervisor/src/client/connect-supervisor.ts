import { connect } from "node:http2";
import { Socket } from "node:net";
import { Duplex } from "node:stream";
import { connectionWindowBytes, sessionOptions } from "../protocol/session-options.ts";
import { defaultHeartbeat, type HeartbeatOptions, watchForSilence } from "./heartbeat.ts";
import { Http2Supervisor } from "./http2-supervisor.ts";
import { readHello } from "./read-hello.ts";
import type { SupervisorConnection } from "./supervisor-connection.ts";

/** How a connection to a supervisor is made over a byte stream. */
export interface ConnectSupervisorOptions {
  /** Named in errors. */
  readonly providerId: string;
  /** Ends the wait for the greeting; the duplex is destroyed then. */
  readonly signal?: AbortSignal;
  /** How long the supervisor may take to greet. Default: 30 seconds. */
  readonly helloTimeoutMs?: number;
  /** How silence is noticed. Default: after some 45 seconds. */
  readonly heartbeat?: HeartbeatOptions;
}

/**
 * Speaks to a supervisor over any byte stream, usually the standard streams of a held exec. Nothing is sent before its
 * greeting has come. Owns the duplex from the call on, also when it fails.
 */
export async function connectSupervisor(
  duplex: Duplex,
  options: ConnectSupervisorOptions,
): Promise<SupervisorConnection> {
  const { providerId, signal, helloTimeoutMs: timeoutMs = 30_000, heartbeat = defaultHeartbeat } = options;
  // From the first moment: an error that nobody listens to would end the host.
  duplex.on("error", () => {});
  try {
    const version = await readHello(duplex, { providerId, timeoutMs, signal });
    const carrier = takeWritesAtOnce(withoutHandle(duplex));
    const session = connect("http://supervisor", { ...sessionOptions, createConnection: () => carrier });
    session.once("connect", () => {
      // It may have been closed before the event arrived; an error here would end the host process.
      if (!session.destroyed) session.setLocalWindowSize(connectionWindowBytes);
    });
    const supervisor = new Http2Supervisor({ session, duplex, providerId, version });
    watchForSilence(session, carrier, heartbeat, () => supervisor.giveUp());
    return supervisor;
  } catch (error) {
    duplex.destroy();
    throw error;
  }
}

/** Node's HTTP/2 writes to a socket's own handle, past the methods of the socket. */
function withoutHandle(duplex: Duplex): Duplex {
  return duplex instanceof Socket ? Duplex.from({ readable: duplex, writable: duplex }) : duplex;
}

/**
 * Node's HTTP/2 reads nothing while a write of its own waits. Two ends that both wait for the other to read would do so
 * for ever, so that on this one no write waits: what piles up is bounded by the windows that the supervisor grants.
 */
function takeWritesAtOnce(duplex: Duplex): Duplex {
  const write = duplex.write.bind(duplex) as (chunk: unknown) => boolean;
  duplex.write = (chunk: unknown, ...rest: readonly unknown[]): boolean => {
    const done = rest.at(-1);
    const hasRoom = write(chunk);
    if (typeof done === "function") process.nextTick(done);
    return hasRoom;
  };
  return duplex;
}
