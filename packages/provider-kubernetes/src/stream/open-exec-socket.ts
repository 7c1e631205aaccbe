import type { IncomingMessage } from "node:http";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { WebSocket } from "ws";
import type { ClusterTransport } from "../cluster/cluster-transport.ts";
import { refusalOf } from "../cluster/read-body.ts";
import type { ExecRequest } from "./exec-stream.ts";

/** With the first, an end of the input can be sent; every server knows the second. */
const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

/** The server's messages are pieces of 32 KiB. */
const maxPayload = 1024 * 1024;

/** Opens the WebSocket of an exec. Rejects with a `ResponseError` when the upgrade is refused, or as the connection fails. */
export async function openExecSocket(
  transport: ClusterTransport,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<WebSocket> {
  const options = await transport.connectionOptions();
  signal.throwIfAborted();
  const url = transport.urlOf(pathOf(request));
  url.protocol = url.protocol.replace("http", "ws");
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols, { ...options, maxPayload, perMessageDeflate: false });
    const fail = (error: unknown): void => {
      reject(error);
      socket.terminate();
    };
    // Fires when nobody takes the socket, also when it has opened meanwhile.
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
    // Stays: without a listener an error would end this process.
    socket.on("error", fail);
    socket.once("unexpected-response", (_request, response: IncomingMessage) => {
      void refusalOf(response).then(fail);
    });
    socket.once("open", () => {
      // What comes before somebody reads waits in the connection.
      socket.pause();
      if (protocols.includes(socket.protocol)) resolve(socket);
      else fail(unknownProtocol());
    });
  });
}

function pathOf({ namespace, pod, container, command }: ExecRequest): string {
  const query = new URLSearchParams({ container, stdin: "true", stdout: "true", stderr: "true", tty: "false" });
  for (const word of command) query.append("command", word);
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query}`;
}

function unknownProtocol(): SandboxUnavailableError {
  return new SandboxUnavailableError("The cluster speaks no protocol of exec that is known here", {
    providerId: "kubernetes",
    retryable: false,
    hint: "It may be a proxy between here and the API server that does not pass WebSockets on.",
  });
}
