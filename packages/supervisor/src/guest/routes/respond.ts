import type { ServerHttp2Stream } from "node:http2";
import type { Failure } from "../../protocol/messages.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";

const statusOf: Record<Failure["code"], number> = {
  "invalid-options": 400,
  "not-found": 404,
  file: 409,
  large: 413,
  process: 409,
  stopped: 409,
  "capability-unsupported": 501,
  internal: 500,
};

export function respondJson(stream: ServerHttp2Stream, value: unknown, status = 200): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond({ ":status": status });
  stream.end(JSON.stringify(value));
}

export function respondFailure(stream: ServerHttp2Stream, error: unknown): void {
  const failure: Failure =
    error instanceof SupervisorFailure
      ? failureOf(error)
      : {
          code: "internal",
          message: `The supervisor failed: ${error instanceof Error ? error.message : String(error)}`,
        };
  if (stream.headersSent) stream.close();
  else respondJson(stream, failure, statusOf[failure.code]);
}

function failureOf({ code, message, hint, entries }: Failure): Failure {
  return { code, message, ...(hint !== undefined && { hint }), ...(entries !== undefined && { entries }) };
}
