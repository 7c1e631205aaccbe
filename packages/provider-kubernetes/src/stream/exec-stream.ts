import type { CallOptions } from "@glovebox/core/provider";
import type { Cluster } from "../cluster/cluster.ts";
import { ExecDuplex } from "./exec-duplex.ts";
import { openExecSocket } from "./open-exec-socket.ts";

const openTimeoutMs = 30_000;

/** A command to run in a container of a pod. */
export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The program and its arguments. They stand in the address of a request, and so in the cluster's logs: no secret. */
  readonly command: readonly string[];
  /** A line that its input begins with, without its end. May be a secret. */
  readonly firstLine?: string | undefined;
}

/**
 * Runs a command in a container and returns its input and output as one byte stream. Rejects when the API server or the node
 * refuses; a program that cannot be started shows only as a stream that breaks. The signal ends the opening, not the stream.
 */
export async function execStream(cluster: Cluster, request: ExecRequest, call: CallOptions = {}): Promise<ExecDuplex> {
  const operation = `connecting to the pod ${request.pod}`;
  const socket = await cluster.withTransport(operation, { timeoutMs: openTimeoutMs, ...call }, (transport, signal) =>
    openExecSocket(transport, request, signal),
  );
  return new ExecDuplex(socket, request.firstLine);
}
