import type { Socket } from "node:net";
import { EgressRefusal } from "../egress-refusal.ts";
import { upstreamFailure } from "../upstream-failure.ts";

/** Resolves with the event; a socket that fails or takes too long is destroyed and refused. */
export function established(socket: Socket, event: string, timeoutMs: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (refusal?: EgressRefusal): void => {
      clearTimeout(late);
      socket.off(event, succeeded).off("error", failed).off("close", closed);
      if (refusal === undefined) {
        resolve();
      } else {
        socket.destroy();
        reject(refusal);
      }
    };
    const refuse = (status: number, reason: string): void => settle(new EgressRefusal("failed", status, reason));
    const late = setTimeout(() => refuse(504, `${host} did not answer in time`), timeoutMs);
    const succeeded = (): void => settle();
    const failed = (error: Error): void => refuse(502, upstreamFailure(error, host).message);
    const closed = (): void => refuse(502, `${host} closed the connection`);
    socket.once(event, succeeded).once("error", failed).once("close", closed);
  });
}
