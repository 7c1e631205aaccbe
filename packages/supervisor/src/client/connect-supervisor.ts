import type { Duplex } from "node:stream";
import type { SupervisorConnection } from "./supervisor-connection.ts";

export interface ConnectSupervisorOptions {
  /** Named in errors. */
  readonly providerId: string;
  /** Ends the wait for the greeting; the duplex is destroyed then. */
  readonly signal?: AbortSignal;
  /** How long the supervisor may take to greet. 30 seconds unless told. */
  readonly helloTimeoutMs?: number;
}

/**
 * Speaks to a supervisor over any byte stream, usually the standard streams of a held exec. Nothing is sent before its
 * greeting has come. Owns the duplex from the call on, also when it fails.
 */
export async function connectSupervisor(
  _duplex: Duplex,
  _options: ConnectSupervisorOptions,
): Promise<SupervisorConnection> {
  throw new Error("not there yet");
}
