import type { IncomingMessage } from "node:http";
import { ConnectFailure } from "./connect-failure.ts";

const longestTimerMs = 2 ** 31 - 1;

/** How long a call may take, in milliseconds; undefined for ever. */
export function readTimeoutMs(request: IncomingMessage): number | undefined {
  const header = request.headers["connect-timeout-ms"];
  if (header === undefined) return undefined;
  if (!/^\d{1,12}$/.test(String(header))) {
    throw new ConnectFailure("invalid_argument", `protocol error: invalid timeout "${String(header)}"`);
  }
  const timeoutMs = Number(header);
  return timeoutMs === 0 || timeoutMs > longestTimerMs ? undefined : timeoutMs;
}

export function deadlineExceeded(): ConnectFailure {
  return new ConnectFailure("deadline_exceeded", "context deadline exceeded");
}
