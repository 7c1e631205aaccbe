import { type ServerResponse, STATUS_CODES } from "node:http";
import type { EgressRefusal } from "../egress-refusal.ts";
import { printable } from "../route-decision.ts";

/** The message that the sandbox gets about a refusal: one line. */
function lineOf({ message, advice }: EgressRefusal): string {
  const how = advice?.text === undefined ? "" : ` (${advice.text} would allow it)`;
  return `glovebox: ${printable(message)}${how}`;
}

/** Answers with a line of text and closes the connection after it; gives the size of the body. */
export function sendRefusal(response: ServerResponse, refusal: EgressRefusal): number {
  const body = `${lineOf(refusal)}\n`;
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  };
  response.writeHead(refusal.status, headers).end(body);
  return Buffer.byteLength(body);
}

/** The same as bytes, for a connection without a response object. Many programs show nothing of it but the first line. */
export function rawRefusal(refusal: EgressRefusal): string {
  const body = `${lineOf(refusal)}\n`;
  const phrase = `${STATUS_CODES[refusal.status] ?? "Refused"} - ${lineOf(refusal)}`;
  const headers = `content-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  return `HTTP/1.1 ${refusal.status} ${phrase}\r\n${headers}\r\n\r\n${body}`;
}
