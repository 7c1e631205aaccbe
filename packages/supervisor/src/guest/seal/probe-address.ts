import { createSocket } from "node:dgram";
import { createConnection, isIPv6 } from "node:net";
import type { SealAddress } from "../../supervisor-config.ts";

/**
 * A query for the address of `kubernetes.default.svc.cluster.local`: a cluster's name server knows it, and any other says at
 * once that it does not.
 */
const query = Buffer.concat([
  Buffer.from([0x47, 0x42, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]),
  ...["kubernetes", "default", "svc", "cluster", "local"].map((label) =>
    Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]),
  ),
  Buffer.from([0, 0, 1, 0, 1]),
]);

/**
 * Resolves to what answered at an address, such as `10.96.0.10:53 (UDP)`. A refusal is no answer: a network policy sends the
 * same.
 */
export async function probeAddress(
  { host, port, protocol }: SealAddress,
  timeoutMs: number,
): Promise<readonly string[]> {
  const name = isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  const probes = [opensConnection(host, port, timeoutMs).then((answers) => (answers ? [`${name} (TCP)`] : []))];
  if (protocol === "dns")
    probes.push(answersQuery(host, port, timeoutMs).then((answers) => (answers ? [`${name} (UDP)`] : [])));
  return (await Promise.all(probes)).flat();
}

function opensConnection(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (answers: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    const socket = createConnection({ host, port });
    socket.once("connect", () => finish(true)).on("error", () => finish(false));
  });
}

function answersQuery(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    let isOpen = true;
    const finish = (answers: boolean): void => {
      clearTimeout(timer);
      if (isOpen) socket.close();
      isOpen = false;
      resolve(answers);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    socket.once("message", () => finish(true)).on("error", () => finish(false));
    socket.send(query, port, host, (error) => error && finish(false));
  });
}
