import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { type ConversationPosition, ConversationPositions } from "./conversation-position.ts";
import { messageEvents, messageOf } from "./message-events.ts";
import type { ModelRequest, Script, ScriptFault } from "./script.ts";

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `turn`: the script answered it. `side`: a request beside the conversation. `other`: everything else. */
  readonly kind: "turn" | "side" | "other";
  /** Of a turn: which one of its conversation, from 0. */
  readonly turn?: number;
}

export interface ScriptedModelOptions {
  readonly script: Script;
  /** The only key that is accepted, in `x-api-key` or as a bearer token; anything else is answered 401. */
  readonly expectKey?: string;
  readonly onRequest?: (request: SeenRequest) => void;
}

export interface ScriptedModel {
  /** Starts a server on a free port of 127.0.0.1. */
  listen(): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Every request so far, in order. */
  readonly requests: readonly SeenRequest[];
}

/** What is read of a request's body; everything else in it is ignored. */
const bodySchema = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  max_tokens: z.number().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.object({ name: z.string() })).default([]),
});

const errorTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  500: "api_error",
  529: "overloaded_error",
};

/**
 * A Messages API server that replays a script: for tests and for the demo.
 *
 * It streams as the real one does, answers `count_tokens`, requests without `stream` and `HEAD /`, and gives requests
 * beside the conversation (those without the `Write` tool, such as titles) a plain text without using up the script.
 */
export function createScriptedModel(options: ScriptedModelOptions): ScriptedModel {
  const requests: SeenRequest[] = [];
  const positions = new ConversationPositions(options.script);
  const see = (request: SeenRequest): void => {
    requests.push(request);
    options.onRequest?.(request);
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const seen = describe(request);
    if (options.expectKey !== undefined && keyOf(request) !== options.expectKey) {
      see({ ...seen, kind: "other" });
      // The body is taken in first: a client that still sends would see a broken connection instead of the answer.
      await readText(request);
      return sendError(response, 401, "invalid x-api-key");
    }
    const route = `${request.method} ${new URL(request.url ?? "/", "http://model").pathname}`;
    const text = await readText(request);
    if (route === "POST /v1/messages") return answerMessages(text, response, positions, seen, see);
    see({ ...seen, kind: "other" });
    if (route === "HEAD /" || route === "GET /") return void response.writeHead(200).end();
    if (route === "POST /v1/messages/count_tokens") return sendJson(response, 200, { input_tokens: tokens(text) });
    sendError(response, 404, `no such route: ${route}`);
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 500, error instanceof Error ? error.message : String(error));
    });
  };
  return { requests, listen: () => listen(createServer(handle)) };
}

async function answerMessages(
  text: string,
  response: ServerResponse,
  positions: ConversationPositions,
  seen: Omit<SeenRequest, "kind">,
  see: (request: SeenRequest) => void,
): Promise<void> {
  const parsed = bodySchema.safeParse(parseJson(text));
  if (!parsed.success) {
    see({ ...seen, kind: "other" });
    return sendError(response, 400, z.prettifyError(parsed.error));
  }
  const body = parsed.data;
  const request: ModelRequest = {
    model: body.model,
    stream: body.stream,
    messages: body.messages,
    tools: body.tools.map((tool) => tool.name),
    maxTokens: body.max_tokens,
  };
  const position = positions.find(request);
  see(position.kind === "turn" ? { ...seen, kind: "turn", turn: position.turn } : { ...seen, kind: "side" });
  const identity = { key: position.key, model: body.model, inputTokens: tokens(text) };
  const fault = faultOf(position);
  if (fault?.kind === "status") return sendFault(response, fault);
  if (position.answer.delayMs) await delay(position.answer.delayMs);
  if (!body.stream && fault === undefined) return sendJson(response, 200, messageOf(position.answer, identity));
  await stream(response, position, messageEvents(position.answer, identity), fault);
}

async function stream(
  response: ServerResponse,
  position: ConversationPosition,
  events: ReturnType<typeof messageEvents>,
  fault: ScriptFault | undefined,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.flushHeaders();
  const end = fault === undefined || fault.kind === "status" ? events.length : fault.afterChunks;
  for (const [index, event] of events.slice(0, end).entries()) {
    if (response.destroyed) return;
    if (index > 0 && position.answer.chunkDelayMs) await delay(position.answer.chunkDelayMs);
    await new Promise<void>((resolve) => {
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`, () => resolve());
    });
  }
  if (fault?.kind === "cut") response.destroy();
  else if (fault?.kind !== "hang") response.end();
}

function faultOf({ answer, earlierTries }: ConversationPosition): ScriptFault | undefined {
  const { fault } = answer;
  return fault !== undefined && earlierTries < (fault.times ?? Number.POSITIVE_INFINITY) ? fault : undefined;
}

function sendFault(response: ServerResponse, fault: Extract<ScriptFault, { kind: "status" }>): void {
  if (fault.retryAfter !== undefined) response.setHeader("retry-after", String(fault.retryAfter));
  if (fault.shouldRetry !== undefined) response.setHeader("x-should-retry", String(fault.shouldRetry));
  sendError(response, fault.status, fault.message ?? `scripted ${fault.status}`);
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { type: "error", error: { type: errorTypes[status] ?? "api_error", message } });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_scripted" });
  response.end(JSON.stringify(value));
}

function describe(request: IncomingMessage): Omit<SeenRequest, "kind"> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  return { method: request.method ?? "", path: request.url ?? "", headers };
}

function keyOf(request: IncomingMessage): string | undefined {
  const key = request.headers["x-api-key"];
  return typeof key === "string" ? key : request.headers.authorization?.replace(/^Bearer /, "");
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses it with a 400, like everything else that is no request.
    return undefined;
  }
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

async function listen(server: Server): Promise<{ readonly url: string; close(): Promise<void> }> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
