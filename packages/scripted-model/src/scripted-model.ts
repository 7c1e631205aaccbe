import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { ConversationPositions } from "./conversation-position.ts";
import { otherAnswer } from "./other-answers.ts";
import type { Script, ScriptFault } from "./script.ts";
import { faultOf, jsonChunks, saidTurn, sendChunks } from "./send-answer.ts";
import { findWire } from "./wire/find-wire.ts";
import type { ModelWire } from "./wire/model-wire.ts";

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
  /**
   * The only key that is accepted, in the header of each API: `x-api-key` or a bearer token for Anthropic's, a bearer token for
   * OpenAI's, `x-goog-api-key` for Gemini's. Anything else is answered 401.
   */
  readonly expectKey?: string;
  /** The models that a list of them names. Default: `scripted`. */
  readonly models?: readonly string[];
  readonly onRequest?: (request: SeenRequest) => void;
}

export interface ScriptedModel {
  /** Starts a server on a free port of 127.0.0.1. */
  listen(): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Every request so far, in order. */
  readonly requests: readonly SeenRequest[];
}

/**
 * A server that replays a script over Anthropic's Messages API, OpenAI's Responses and Chat Completions APIs, and Gemini's: for
 * tests and for the demo.
 *
 * It streams as the real ones do, answers `count_tokens`, lists of models, requests without a stream and `HEAD /`, and gives
 * requests beside the conversation (such as titles) a plain text without using up the script: those without a tool that
 * writes files (Messages), and those without tools (the others).
 */
export function createScriptedModel(options: ScriptedModelOptions): ScriptedModel {
  const { expectKey, models = ["scripted"] } = options;
  const requests: SeenRequest[] = [];
  const positions = new ConversationPositions(options.script);
  const see = (request: SeenRequest): void => {
    requests.push(request);
    options.onRequest?.(request);
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const seen = describe(request);
    const url = new URL(request.url ?? "/", "http://model");
    const wire = findWire(url);
    // The body is taken in first: a client that still sends would see a broken connection instead of the answer.
    const body = await readText(request);
    if (expectKey !== undefined && wire.keyOf(request.headers) !== expectKey) {
      see({ ...seen, kind: "other" });
      return sendJson(response, 401, wire.error(401, "invalid API key"));
    }
    const other = otherAnswer(seen.method, url.pathname, body, models);
    if (other === undefined && seen.method === "POST" && isTurnPath(url)) {
      return answerTurn({ wire, url, body, response, positions, seen, see });
    }
    see({ ...seen, kind: "other" });
    if (other !== undefined) return sendJson(response, 200, other);
    if (url.pathname === "/" && /^(HEAD|GET)$/.test(seen.method)) return void response.writeHead(200).end();
    sendJson(response, 404, wire.error(404, `no such route: ${seen.method} ${url.pathname}`));
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, findWire(new URL(request.url ?? "/", "http://model")).error(500, message));
    });
  };
  return { requests, listen: () => listen(createServer(handle)) };
}

function isTurnPath({ pathname }: URL): boolean {
  return /\/(messages|responses|chat\/completions)$|:(generateContent|streamGenerateContent)$/.test(pathname);
}

interface TurnRequest {
  readonly wire: ModelWire;
  readonly url: URL;
  readonly body: string;
  readonly response: ServerResponse;
  readonly positions: ConversationPositions;
  readonly seen: Omit<SeenRequest, "kind">;
  readonly see: (request: SeenRequest) => void;
}

async function answerTurn({ wire, url, body: text, response, positions, seen, see }: TurnRequest): Promise<void> {
  const body = parseJson(text);
  const request = readRequest(wire, body, url);
  if (request instanceof z.ZodError) {
    see({ ...seen, kind: "other" });
    return sendJson(response, 400, wire.error(400, z.prettifyError(request)));
  }
  const position = positions.find(request);
  see(position.kind === "turn" ? { ...seen, kind: "turn", turn: position.turn } : { ...seen, kind: "side" });
  const identity = { key: position.key, model: request.model, inputTokens: Math.ceil(text.length / 4) };
  const fault = faultOf(position);
  if (fault?.kind === "status") return sendFault(response, fault, wire);
  if (position.answer.delayMs) await delay(position.answer.delayMs);
  const turn = saidTurn(position.answer, fault);
  if (request.stream) {
    const isArray = request.api === "google-generate" && url.searchParams.get("alt") !== "sse";
    const contentType = isArray ? "application/json" : "text/event-stream";
    return sendChunks(response, wire.chunks(turn, identity, body, url), { contentType, turn, fault });
  }
  const answer = jsonChunks(wire.answer(turn, identity, body));
  await sendChunks(response, answer, { contentType: "application/json", turn, fault });
}

function readRequest(wire: ModelWire, body: unknown, url: URL) {
  try {
    return wire.read(body, url);
  } catch (error) {
    if (error instanceof z.ZodError) return error;
    throw error;
  }
}

function sendFault(response: ServerResponse, fault: Extract<ScriptFault, { kind: "status" }>, wire: ModelWire): void {
  if (fault.retryAfter !== undefined) response.setHeader("retry-after", String(fault.retryAfter));
  if (fault.shouldRetry !== undefined) response.setHeader("x-should-retry", String(fault.shouldRetry));
  sendJson(response, fault.status, wire.error(fault.status, fault.message ?? `scripted ${fault.status}`));
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
