import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { EgressEvent } from "@glovebox/core/provider";
import type { Dispatcher } from "undici";
import { requestHeaders, responseHeaders } from "./forward-headers.ts";
import { type GatewayAnswer, sendAnswer } from "./gateway-answer.ts";
import type { Meter } from "./metering/meter.ts";
import { redactStream } from "./redact-stream.ts";
import type { RouteDecision } from "./route-decision.ts";
import { upstreamFailure } from "./upstream-failure.ts";
import { whileOpen } from "./while-open.ts";

type Allowed = Extract<RouteDecision, { allowed: true }>;

export interface ExchangeContext {
  readonly dispatcher: Dispatcher;
  readonly requestBytes: number;
  readonly idleTimeoutMs: number;
  /** Ends the exchange from outside. */
  readonly signal: AbortSignal;
  readonly onTraffic: () => void;
  /** Waited for before a refusal or a failure is answered. */
  readonly turn: () => Promise<void>;
  readonly meter: Meter;
}

export type ExchangeResult = Pick<EgressEvent, "decision" | "status" | "requestBytes" | "responseBytes"> & {
  readonly reason?: string;
};

/** Carries one allowed request to its upstream and the answer back, chunk by chunk; an abort on one side ends the other. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  decision: Allowed,
  context: ExchangeContext,
): Promise<ExchangeResult> {
  const stop = new AbortController();
  const bytes = { request: 0, response: 0 };
  const upstream = new URL(decision.route.upstream);
  // Why the exchange was ended on purpose: told apart from what the network did.
  let ended: GatewayAnswer | undefined;
  const end = (answer: GatewayAnswer): void => {
    ended ??= answer;
    stop.abort();
  };
  const idle = setTimeout(() => end({ status: 504, message: "nothing moved for too long" }), context.idleTimeoutMs);
  const moved = (): void => {
    idle.refresh();
    context.onTraffic();
  };
  const closed = (): void => {
    if (response.writableFinished) return;
    const leave = (): void => end({ status: 499, message: "the sandbox closed the connection" });
    if (call === undefined) leave();
    else call.whenTold(leave);
  };
  const stopped = (): void => end({ status: 503, message: "the gateway is closing", retry: false });
  const call = context.meter.open(decision.route, { method: request.method ?? "", path: decision.path }, end);
  response.once("close", closed);
  context.signal.addEventListener("abort", stopped, { once: true });
  let isUnreachable = false;
  const done = (decided: EgressEvent["decision"], status: number, reason?: string): ExchangeResult => ({
    decision: decided,
    status,
    requestBytes: bytes.request,
    responseBytes: bytes.response,
    ...(reason === undefined ? {} : { reason }),
  });
  try {
    const count = (size: number): void => {
      bytes.request += size;
      moved();
      if (bytes.request > context.requestBytes) end({ status: 413, message: "the request is too large", retry: false });
    };
    const body = hasBody(request) ? request.pipe(counting(count)) : null;
    const admission = (await call?.admit(body, stop.signal)) ?? { body };
    if ("refusal" in admission) {
      await context.turn();
      bytes.response += sendAnswer(response, admission.refusal);
      return done("denied", admission.refusal.status, admission.refusal.message);
    }
    const answer = await context.dispatcher.request({
      origin: upstream.origin,
      path: `${upstream.pathname.replace(/\/+$/, "")}${decision.path}${decision.query}`,
      method: request.method as Dispatcher.HttpMethod,
      headers: requestHeaders(request.headers, decision.route),
      body: admission.body,
      signal: stop.signal,
    });
    moved();
    answer.body.once("error", () => {
      ended ??= { status: 502, message: "the upstream broke off its answer" };
    });
    response.writeHead(answer.statusCode, responseHeaders(answer, decision.route));
    response.flushHeaders();
    const back = counting((size) => {
      bytes.response += size;
      moved();
    });
    const metered = call?.answered(answer.statusCode, answer.headers) ?? new PassThrough();
    await pipeline(
      answer.body,
      metered,
      redactStream(decision.route.credential.secret.reveal()),
      back,
      whileOpen(response),
    );
    return done("allowed", answer.statusCode);
  } catch (error) {
    const failure = ended ?? upstreamFailure(error, upstream.host);
    isUnreachable = ended === undefined && !response.headersSent;
    const decided = call?.isCut ? "denied" : "failed";
    if (response.headersSent) {
      // What was cut outside is cut inside: a clean end would turn half an answer into a whole one.
      response.destroy();
      return done(decided, response.statusCode, failure.message);
    }
    await context.turn();
    if (!response.destroyed) bytes.response += sendAnswer(response, failure);
    return done(decided, failure.status, failure.message);
  } finally {
    clearTimeout(idle);
    call?.end({ isUnreachable });
    response.off("close", closed);
    context.signal.removeEventListener("abort", stopped);
    // An upstream may answer before it has read everything; the rest is let go.
    request.resume();
  }
}

function hasBody(request: IncomingMessage): boolean {
  return request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0;
}

function counting(count: (size: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count(chunk.length);
      done(null, chunk);
    },
  });
}
