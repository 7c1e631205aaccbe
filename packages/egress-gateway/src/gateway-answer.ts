import type { ServerResponse } from "node:http";
import type { EgressFailure, ModelApi } from "@glovebox/core/provider";
import { meteredApis } from "./metering/metered-apis.ts";

/** An answer that the gateway gives itself, in the shape of an API's errors so that a harness shows it. */
export interface GatewayAnswer {
  readonly status: number;
  readonly message: string;
  /** Whether the harness should retry. Default: the harness decides. */
  readonly retry?: boolean;
  /** Of a request that was let pass: what went wrong. */
  readonly failure?: EgressFailure;
}

function bodyOf(answer: GatewayAnswer, status: number, api: ModelApi): string {
  return JSON.stringify(meteredApis[api].errorBody(`glovebox: ${answer.message}`, status));
}

function headersOf(answer: GatewayAnswer, body: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
    ...(answer.retry === undefined ? {} : { "x-should-retry": String(answer.retry) }),
  };
}

/**
 * Answers on a response whose headers were not sent yet, and closes the connection after it. Returns the status, which is one
 * that the API's clients understand, and the length of the body. Where no API is known the answer is worded as Anthropic's.
 */
export function sendAnswer(
  response: ServerResponse,
  answer: GatewayAnswer,
  api: ModelApi = "anthropic-messages",
): { readonly status: number; readonly bytes: number } {
  const status = meteredApis[api].refusalStatus(answer);
  const body = bodyOf(answer, status, api);
  response.writeHead(status, headersOf(answer, body)).end(body);
  return { status, bytes: Buffer.byteLength(body) };
}

/** The same as bytes, for a connection that has no response object: a refused CONNECT, an unreadable request. */
export function rawAnswer(answer: GatewayAnswer): string {
  const body = bodyOf(answer, answer.status, "anthropic-messages");
  const headers = Object.entries(headersOf(answer, body)).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${answer.status} Refused\r\n${headers.join("")}\r\n${body}`;
}
