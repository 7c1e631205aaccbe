import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { FaultKind } from "./fault-kind.ts";
import { isRefusal, refusals } from "./refusals.ts";

/** Of an answer that comes slowly. */
const slowPieces = 10;
const slowPauseMs = 20;
const heldBytes = 64 * 1024;

export interface AnswerFaultOptions {
  readonly fault: FaultKind | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly forward: () => ClientRequest;
  readonly onBytes: (bytes: number) => void;
}

/** Forwards one request and its response, with the fault applied. */
export function answerFault({ fault, request, response, forward, onBytes }: AnswerFaultOptions): void {
  // Whoever was cut off must not end the test.
  response.on("error", () => {});
  request.on("error", () => {});
  if (fault === "cut-before") return void request.socket.destroy();
  if (fault === "stall") return void request.resume();
  if (isRefusal(fault)) {
    const { status, headers, body } = refusals[fault];
    request.resume();
    response.writeHead(status, headers).end(body);
    return;
  }
  const outgoing = forward();
  outgoing.on("error", () => request.socket.destroy());
  if (fault === "cut-during") return void passOnAndCut(request, outgoing);
  response.on("close", () => outgoing.destroy());
  outgoing.on("response", (answer) => {
    answer.on("error", () => request.socket.destroy());
    answer.on("data", (bytes: Buffer) => onBytes(bytes.length));
    if (fault === "cut-after") return void request.socket.destroy();
    // An answer without an end, such as a watch, breaks off when the client has enough of it.
    const breakOff = (): void => void response.destroy();
    if (fault === "half") return void sendHalf(answer, response).catch(breakOff);
    response.writeHead(answer.statusCode ?? 502, passedOn(answer));
    if (fault === "slow") void sendSlowly(answer, response).catch(breakOff);
    else answer.pipe(response);
  });
  request.pipe(outgoing);
}

/** Without what is between the proxy and the vendor alone: the client may speak an older version. */
function passedOn(answer: IncomingMessage): IncomingMessage["headers"] {
  const { connection: _, "transfer-encoding": __, ...headers } = answer.headers;
  return headers;
}

/** The vendor gets the whole request, and nobody waits for its answer. */
function passOnAndCut(request: IncomingMessage, outgoing: ClientRequest): void {
  outgoing.on("response", (answer) => answer.resume());
  request.on("end", () => outgoing.end(() => request.socket.destroy()));
  request.pipe(outgoing, { end: false });
}

/** The head as it came and half of the body, or half of the head where there is no body. */
async function sendHalf(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > heldBytes) break;
  }
  const socket = response.socket;
  if (socket === null) return;
  if (bytes === 0) socket.write("HTTP/1.1 20");
  else {
    response.writeHead(answer.statusCode ?? 502, { ...passedOn(answer), "content-length": bytes });
    response.write(Buffer.concat(pieces).subarray(0, bytes / 2));
  }
  // Half of it must be seen to arrive, not be thrown away with the connection.
  socket.end();
}

async function sendSlowly(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  let sent = 0;
  for await (const bytes of answer as AsyncIterable<Buffer>) {
    const size = Math.max(1, Math.ceil(bytes.length / slowPieces));
    for (let at = 0; at < bytes.length; at += size) {
      response.write(bytes.subarray(at, at + size));
      sent += 1;
      // A long answer is spared most of the pauses.
      if (sent <= slowPieces) await delay(slowPauseMs);
    }
  }
  response.end();
}
