import { ConnectFailure } from "../connect/connect-failure.ts";
import { describeError, errorCode } from "../system-error.ts";

/** Clients may try again where the system had no room; every other reason is the request's own fault. */
const exhausted: ReadonlySet<string> = new Set(["EAGAIN", "ENOMEM", "EMFILE", "ENFILE", "ENOSPC"]);

export function startFailure(cmd: string, error: unknown): ConnectFailure {
  const code = exhausted.has(errorCode(error)) ? "resource_exhausted" : "invalid_argument";
  return new ConnectFailure(code, `error starting process '${cmd}': ${describeError(error)}`);
}
