import type { Socket } from "node:net";
import { EgressRefusal } from "../egress-refusal.ts";
import { upstreamFailure } from "../upstream-failure.ts";

/** Resolves with the event; a socket that fails or takes too long is destroyed and refused. */
export function waitForEvent(socket: Socket, event: string, timeoutMs: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (refusal?: EgressRefusal): void => {
      clearTimeout(timer);
      socket.off(event, succeeded).off("error", failed).off("close", closed);
      if (refusal === undefined) {
        resolve();
      } else {
        socket.destroy();
        reject(refusal);
      }
    };
    const refuse = (status: number, reason: string): void => finish(new EgressRefusal("failed", status, reason));
    const timer = setTimeout(() => refuse(504, `${host} did not answer in time`), timeoutMs);
    const succeeded = (): void => finish();
    const failed = (error: Error): void => refuse(502, upstreamFailure(error, host).message);
    const closed = (): void => refuse(502, `${host} closed the connection`);
    socket.once(event, succeeded).once("error", failed).once("close", closed);
  });
}
