import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyChunks, discardBody, readBody } from "../request-body.ts";
import { describeError } from "../system-error.ts";
import { ConnectFailure } from "./connect-failure.ts";
import { endFrame, messageFrame, readFrames } from "./frame.ts";
import { Message } from "./message.ts";
import type { Call, ClientStreamRpc, Rpc, ServerStreamRpc, UnaryRpc } from "./rpc.ts";
import { ServerStream } from "./server-stream.ts";

/** One message at most: what is sent to a process's input in one piece, in base64, is part of it. */
const maxMessageBytes = 64 * 1024 * 1024;

const unaryType = "application/json";
const streamType = "application/connect+json";

/** Serves one call of the Connect protocol in its JSON form. Never rejects. */
export async function serveRpc(rpc: Rpc, call: Call): Promise<void> {
  const { request, response } = call;
  const expected = rpc.kind === "unary" ? unaryType : streamType;
  const header = (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (header !== expected) {
    discardBody(request);
    response.writeHead(415, { "accept-post": expected }).end();
    return;
  }
  if (rpc.kind === "unary") return serveUnary(rpc, call);
  try {
    if (rpc.kind === "server-stream") await serveServerStream(rpc, call);
    else await serveClientStream(rpc, call);
  } catch (error) {
    endStream(request, response, toFailure(error));
  }
}

async function serveUnary(rpc: UnaryRpc, call: Call): Promise<void> {
  const { request, response } = call;
  try {
    refuseCompression(request.headers["content-encoding"]);
    const body = await readBody(request, maxMessageBytes);
    const answer = await rpc.handle(Message.parse(body.toString("utf8")), call);
    sendJson(response, 200, answer);
  } catch (error) {
    const failure = toFailure(error);
    discardBody(request);
    sendJson(response, failure.status, failure);
  }
}

async function serveServerStream(rpc: ServerStreamRpc, call: Call): Promise<void> {
  const { request, response } = call;
  refuseCompression(request.headers["connect-content-encoding"]);
  let message: Message | undefined;
  for await (const json of readFrames(bodyChunks(request), maxMessageBytes)) message ??= Message.parse(json);
  if (message === undefined) throw new ConnectFailure("invalid_argument", "the request holds no message");
  await rpc.handle(message, call, () => new ServerStream({ request, response, keepAlive: rpc.keepAlive }));
}

async function serveClientStream(rpc: ClientStreamRpc, call: Call): Promise<void> {
  const { request, response } = call;
  refuseCompression(request.headers["connect-content-encoding"]);
  const answer = await rpc.handle(parseFrames(request), call);
  response.writeHead(200, { "content-type": streamType });
  response.write(messageFrame(JSON.stringify(answer)));
  response.end(endFrame());
}

async function* parseFrames(request: IncomingMessage): AsyncGenerator<Message, void, undefined> {
  for await (const json of readFrames(bodyChunks(request), maxMessageBytes)) yield Message.parse(json);
}

/** Streams tell of failures in their last frame: the status is always 200. */
function endStream(request: IncomingMessage, response: ServerResponse, failure: ConnectFailure): void {
  if (response.writableEnded) return;
  if (!response.headersSent) {
    discardBody(request);
    response.writeHead(200, { "content-type": streamType });
  }
  response.end(endFrame(failure));
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  if (response.destroyed) return;
  const json = JSON.stringify(value);
  response.writeHead(status, { "content-type": unaryType, "content-length": Buffer.byteLength(json) }).end(json);
}

function refuseCompression(encoding: string | string[] | undefined): void {
  if (encoding === undefined || encoding === "identity") return;
  throw new ConnectFailure(
    "unimplemented",
    `unknown compression "${String(encoding)}": supported encodings are identity`,
  );
}

function toFailure(error: unknown): ConnectFailure {
  return error instanceof ConnectFailure ? error : new ConnectFailure("internal", describeError(error));
}
