import type { ServerResponse } from "node:http";
import type { EgressFailure } from "@glovebox/core/provider";

/** An answer that the gateway gives itself, in the shape of the Messages API's errors so that a harness shows it. */
export interface GatewayAnswer {
  readonly status: number;
  readonly message: string;
  /** Whether the harness should retry. Default: the harness decides. */
  readonly retry?: boolean;
  /** Of a request that was let pass: what went wrong. */
  readonly failure?: EgressFailure;
}

const types: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  402: "billing_error",
  403: "permission_error",
  405: "invalid_request_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
};

function bodyOf(answer: GatewayAnswer): string {
  const type = types[answer.status] ?? "api_error";
  return JSON.stringify({ type: "error", error: { type, message: `glovebox: ${answer.message}` } });
}

function headersOf(answer: GatewayAnswer, body: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
    ...(answer.retry === undefined ? {} : { "x-should-retry": String(answer.retry) }),
  };
}

/** Answers on a response whose headers were not sent yet, and closes the connection after it. */
export function sendAnswer(response: ServerResponse, answer: GatewayAnswer): number {
  const body = bodyOf(answer);
  response.writeHead(answer.status, headersOf(answer, body)).end(body);
  return Buffer.byteLength(body);
}

/** The same as bytes, for a connection that has no response object: a refused CONNECT, an unreadable request. */
export function rawAnswer(answer: GatewayAnswer): string {
  const body = bodyOf(answer);
  const headers = Object.entries(headersOf(answer, body)).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${answer.status} Refused\r\n${headers.join("")}\r\n${body}`;
}
