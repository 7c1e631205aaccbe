import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Authorization, dropUndefined, type EgressEvent } from "@glovebox/core/provider";
import type { Dispatcher } from "undici";
import { requestHeaders, responseHeaders } from "./forward-headers.ts";
import { type GatewayAnswer, sendAnswer } from "./gateway-answer.ts";
import { ignoreWritesAfterClose } from "./ignore-writes-after-close.ts";
import type { BufferedBytes } from "./metering/buffered-bytes.ts";
import { tooMuchAtOnce } from "./metering/limit-answers.ts";
import type { Meter } from "./metering/meter.ts";
import type { ModelCall } from "./metering/model-call.ts";
import { countBytes } from "./proxy/pass-answer.ts";
import { redactStream } from "./redact-stream.ts";
import { hasBody } from "./request-body.ts";
import { authorizationFailure, authorizeRoute, isAccount, readBody, secretsIn } from "./route-authorization.ts";
import type { RouteDecision } from "./route-decision.ts";
import { upstreamFailure } from "./upstream-failure.ts";

type Allowed = Extract<RouteDecision, { allowed: true }>;

export interface ModelExchangeContext {
  readonly dispatcher: Dispatcher;
  readonly requestBytes: number;
  readonly idleTimeoutMs: number;
  /** Ends the exchange from outside. */
  readonly signal: AbortSignal;
  readonly onTraffic: () => void;
  /** Awaited before a refusal or a failure is sent. */
  readonly rateLimit: () => Promise<void>;
  readonly meter: Meter;
  /** Counts the bodies that are read whole to be authenticated. */
  readonly buffered: BufferedBytes;
}

export type ModelExchangeResult = Pick<
  EgressEvent,
  "decision" | "status" | "requestBytes" | "responseBytes" | "reason" | "failure"
>;

type Reason = Pick<ModelExchangeResult, "reason" | "failure">;

/** One allowed request to a model and its response, chunk by chunk; an abort on one side ends the other. */
export class ModelExchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #decision: Allowed;
  readonly #context: ModelExchangeContext;
  readonly #upstream: URL;
  /** Where the request goes: the upstream's address with the path and query of the request. */
  readonly #target: URL;
  readonly #call: ModelCall | undefined;
  readonly #controller = new AbortController();
  readonly #idleTimer: NodeJS.Timeout;
  /** Why it was ended on purpose, as opposed to what the network did. */
  #ended: GatewayAnswer | undefined;
  #isUnreachable = false;
  #requestBytes = 0;
  #responseBytes = 0;

  constructor(request: IncomingMessage, response: ServerResponse, decision: Allowed, context: ModelExchangeContext) {
    this.#request = request;
    this.#response = response;
    this.#decision = decision;
    this.#context = context;
    this.#upstream = new URL(decision.route.upstream);
    const { path, query } = decision;
    this.#target = new URL(`${this.#upstream.origin}${this.#upstream.pathname.replace(/\/+$/, "")}${path}${query}`);
    this.#idleTimer = setTimeout(() => this.#onIdle(), context.idleTimeoutMs);
    const metered = { method: request.method ?? "", path, query, headers: request.headers };
    this.#call = context.meter.open(decision.route, metered, (answer) => this.#end(answer));
  }

  /** Resolves once the response is complete, refused or cut. Call it once. */
  async run(): Promise<ModelExchangeResult> {
    const onClose = (): void => this.#onClientClose();
    const onAbort = (): void =>
      this.#end({ status: 503, message: "the gateway is closing", retry: false, failure: "left" });
    this.#response.once("close", onClose);
    this.#context.signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await this.#exchange();
    } catch (error) {
      return await this.#fail(error);
    } finally {
      clearTimeout(this.#idleTimer);
      this.#call?.end({ isUnreachable: this.#isUnreachable });
      this.#context.buffered.release(this);
      this.#response.off("close", onClose);
      this.#context.signal.removeEventListener("abort", onAbort);
      // An upstream may respond before it has read the whole request; the rest is discarded.
      this.#request.resume();
    }
  }

  async #exchange(): Promise<ModelExchangeResult> {
    const body = hasBody(this.#request) ? this.#request.pipe(countBytes((size) => this.#onRequestBytes(size))) : null;
    const admission = (await this.#call?.admit(body, this.#controller.signal)) ?? { body };
    if ("refusal" in admission) {
      await this.#context.rateLimit();
      return this.#result("denied", this.#refuse(admission.refusal), { reason: admission.refusal.message });
    }
    const [answer, authorization] = await this.#sendUpstream(admission.body);
    await this.#sendBack(answer, secretsIn(authorization));
    return this.#result("allowed", answer.statusCode);
  }

  async #sendUpstream(admitted: Readable | Buffer | null): Promise<[Dispatcher.ResponseData, Authorization]> {
    const { credential } = this.#decision.route;
    const headers = requestHeaders(this.#request.headers);
    if (Buffer.isBuffer(admitted)) {
      // It was read as JSON in UTF-8: the upstream must not read it as something else.
      headers["content-type"] = "application/json";
      headers["content-length"] = String(admitted.length);
      delete headers["content-encoding"];
    }
    const isWhole = isAccount(credential) && credential.wholeBody === true;
    const body = isWhole ? await this.#readWhole(admitted) : admitted;
    const authorization = await this.#authorize(headers, body);
    if (authorization === undefined) throw new Error("an account gave no authorization");
    const answer = await this.#send({ ...headers, ...authorization.headers }, body);
    if (answer.statusCode !== 401 || !isWhole) return [answer, authorization];
    const better = await this.#authorize(headers, body, authorization);
    if (better === undefined) return [answer, authorization];
    await answer.body.dump({ limit: 64 * 1024, signal: this.#controller.signal });
    return [await this.#send({ ...headers, ...better.headers }, body), better];
  }

  async #readWhole(body: Readable | Buffer | null): Promise<Buffer | null> {
    if (body === null) return null;
    const keep = (bytes: number): boolean => this.#context.buffered.add(this, bytes);
    const whole = await readBody(body, { keep, signal: this.#controller.signal });
    if (whole !== undefined) return whole;
    this.#end(tooMuchAtOnce);
    throw new Error(tooMuchAtOnce.message);
  }

  async #authorize(
    headers: Readonly<Record<string, string>>,
    body: Readable | Buffer | null,
    rejected?: Authorization,
  ): Promise<Authorization | undefined> {
    const { credential } = this.#decision.route;
    const { signal } = this.#controller;
    try {
      return await authorizeRoute(credential, {
        method: this.#request.method ?? "",
        url: this.#target,
        headers,
        signal,
        ...dropUndefined({
          body: body === null || Buffer.isBuffer(body) ? (body ?? Buffer.alloc(0)) : undefined,
          rejected,
        }),
      });
    } catch (error) {
      if (!this.#controller.signal.aborted) this.#ended ??= authorizationFailure(error);
      throw error;
    }
  }

  async #send(headers: Record<string, string>, body: Readable | Buffer | null): Promise<Dispatcher.ResponseData> {
    const answer = await this.#context.dispatcher.request({
      origin: this.#target.origin,
      path: `${this.#target.pathname}${this.#target.search}`,
      method: this.#request.method as Dispatcher.HttpMethod,
      headers,
      body,
      signal: this.#controller.signal,
    });
    this.#onData();
    return answer;
  }

  async #sendBack(answer: Dispatcher.ResponseData, secrets: readonly string[]): Promise<void> {
    answer.body.once("error", () => {
      this.#ended ??= { status: 502, message: "the upstream broke off its answer", failure: "broken" };
    });
    this.#response.writeHead(answer.statusCode, responseHeaders(answer, secrets));
    this.#response.flushHeaders();
    await pipeline([
      answer.body,
      this.#call?.answered(answer.statusCode, answer.headers, this.#requestBytes) ?? new PassThrough(),
      ...secrets.map(redactStream),
      countBytes((size) => {
        this.#responseBytes += size;
        this.#onData();
      }),
      ignoreWritesAfterClose(this.#response),
    ]);
  }

  async #fail(error: unknown): Promise<ModelExchangeResult> {
    const failure = this.#ended ?? upstreamFailure(error, this.#upstream.host);
    this.#isUnreachable = this.#ended === undefined && !this.#response.headersSent;
    const decision = this.#call?.isCut ? "denied" : "failed";
    if (this.#response.headersSent) {
      // What was cut outside is cut inside: a clean end would turn half a response into a whole one.
      this.#response.destroy();
      return this.#result(decision, this.#response.statusCode, reasonOf(failure));
    }
    await this.#context.rateLimit();
    const status = this.#response.destroyed ? failure.status : this.#refuse(failure);
    return this.#result(decision, status, reasonOf(failure));
  }

  /** Answers in the form that the API uses. Returns the status. */
  #refuse(answer: GatewayAnswer): number {
    const { status, bytes } = sendAnswer(this.#response, answer, this.#decision.route.api);
    this.#responseBytes += bytes;
    return status;
  }

  #result(decision: EgressEvent["decision"], status: number, reason: Reason = {}): ModelExchangeResult {
    return { decision, status, requestBytes: this.#requestBytes, responseBytes: this.#responseBytes, ...reason };
  }

  #onIdle(): void {
    if (this.#call !== undefined && this.#response.writableNeedDrain && !this.#response.destroyed) {
      // Whoever has stopped to read is let go, and what the answer costs is read to its end.
      this.#response.destroy();
      this.#idleTimer.refresh();
      return;
    }
    this.#end({ status: 504, message: "idle timeout: no data in either direction", failure: "silent" });
  }

  #end(answer: GatewayAnswer): void {
    this.#ended ??= answer;
    this.#controller.abort();
  }

  #onClientClose(): void {
    if (this.#response.writableFinished) return;
    const end = (): void => this.#end({ status: 499, message: "the sandbox closed the connection", failure: "left" });
    if (this.#call === undefined) end();
    else this.#call.onceCostIsKnown(end);
  }

  #onRequestBytes(size: number): void {
    this.#requestBytes += size;
    this.#onData();
    if (this.#requestBytes <= this.#context.requestBytes) return;
    this.#end({ status: 413, message: "the request is too large", retry: false });
  }

  #onData(): void {
    this.#idleTimer.refresh();
    this.#context.onTraffic();
  }
}

function reasonOf({ message: reason, failure }: GatewayAnswer): Reason {
  return failure === undefined ? { reason } : { reason, failure };
}
