import { request } from "node:http";
import type { Socket } from "node:net";
import { EgressRefusal } from "../egress-refusal.ts";
import { hostAndPort } from "../policy/canonical-host.ts";
import type { Target } from "../policy/target.ts";
import { upstreamFailure } from "../upstream-failure.ts";

/** Asks a proxy on an open connection for a tunnel to the target, by its name. */
export function connectByProxy(
  socket: Socket,
  target: Target,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<Socket> {
  const path = hostAndPort(target.host, target.port);
  return new Promise((resolve, reject) => {
    const refuse = (status: number, reason: string): void => {
      clearTimeout(late);
      socket.destroy();
      reject(new EgressRefusal("failed", status, reason));
    };
    const late = setTimeout(() => refuse(504, "the host's own proxy did not answer in time"), timeoutMs);
    const asked = request({
      createConnection: () => socket,
      method: "CONNECT",
      path,
      headers: { host: path, ...headers },
    });
    asked.once("error", (error) => refuse(502, upstreamFailure(error, "the host's own proxy").message));
    asked.once("connect", ({ statusCode }, _socket, head) => {
      if (statusCode !== 200) return refuse(502, `the host's own proxy refused ${path} (status ${statusCode})`);
      clearTimeout(late);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.end();
  });
}
