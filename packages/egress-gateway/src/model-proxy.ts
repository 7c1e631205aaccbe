import type { IncomingMessage, ServerResponse } from "node:http";
import type { EgressEvent, EgressObserver, EgressPolicy, ModelApi, ModelRoute } from "@glovebox/core/provider";
import type { Dispatcher } from "undici";
import { type GatewayAnswer, sendAnswer } from "./gateway-answer.ts";
import { BufferedBytes } from "./metering/buffered-bytes.ts";
import { Meter } from "./metering/meter.ts";
import { ModelExchange } from "./model-exchange.ts";
import { valuesOf } from "./proxy/proxy-headers.ts";
import { decideRoute, printable, type RouteDecision } from "./route-decision.ts";
import { upstreamDispatcher } from "./upstream-dispatcher.ts";

export interface ModelProxyOptions {
  readonly policy: EgressPolicy;
  readonly observer: EgressObserver | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly requestBytes: number;
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly onTraffic: () => void;
  /** Awaited before a refusal is sent. */
  readonly rateLimit: () => Promise<void>;
}

type Result = Omit<EgressEvent, "host" | "port" | "method" | "path" | "durationMs">;

/** The reverse proxy to the models: each request is decided, forwarded and audited. */
export class ModelProxy {
  readonly #options: ModelProxyOptions;
  readonly #meter: Meter;
  readonly #buffered = new BufferedBytes();
  #dispatcher: Dispatcher | undefined;

  /** A cost limit that cannot work is `invalid-options`. */
  constructor(options: ModelProxyOptions) {
    this.#options = options;
    this.#meter = new Meter(options.policy, options.observer);
  }

  /** `isBusy`: too many requests are in flight to accept another one. */
  async request(request: IncomingMessage, response: ServerResponse, isBusy: boolean): Promise<void> {
    const started = performance.now();
    const decision = decideRoute(this.#options.policy, request.method ?? "", request.url ?? "");
    const result = await this.#result(request, response, decision, isBusy);
    const routeId = decision.allowed ? decision.route.id : decision.routeId;
    const path = decision.allowed ? decision.path : printable((request.url ?? "").split("?", 1)[0] ?? "");
    this.#options.observer?.onRequest?.({
      ...(routeId === undefined ? {} : { routeId, rule: `model ${routeId}` }),
      ...result,
      ...upstreamOf(this.#options.policy.models.find(({ id }) => id === routeId)),
      method: printable(request.method ?? ""),
      path,
      durationMs: performance.now() - started,
    });
  }

  async close(): Promise<void> {
    await this.#dispatcher?.destroy();
  }

  async #result(
    request: IncomingMessage,
    response: ServerResponse,
    decision: RouteDecision,
    isBusy: boolean,
  ): Promise<Result> {
    const { requestBytes, idleTimeoutMs, signal, onTraffic, rateLimit } = this.#options;
    if (!decision.allowed) {
      const route = this.#options.policy.models.find(({ id }) => id === decision.routeId);
      const refusal = { status: decision.status, message: decision.reason, retry: false };
      return this.#refuse(request, response, upgradeRefusal(request, route?.api) ?? refusal, route?.api);
    }
    const { api } = decision.route;
    const refusal = this.#refusal(request, isBusy, api);
    if (refusal !== undefined) return this.#refuse(request, response, refusal, api);
    this.#dispatcher ??= upstreamDispatcher(this.#options.env);
    const context = { dispatcher: this.#dispatcher, requestBytes, idleTimeoutMs, signal, onTraffic, rateLimit };
    return new ModelExchange(request, response, decision, {
      ...context,
      meter: this.#meter,
      buffered: this.#buffered,
    }).run();
  }

  /** Why a request that its route allows is refused. */
  #refusal(request: IncomingMessage, isBusy: boolean, api: ModelApi | undefined): GatewayAnswer | undefined {
    if (valuesOf(request.rawHeaders, "host").length !== 1 && request.httpVersion !== "1.0") {
      return { status: 400, message: "the request has no Host header, or more than one", retry: false };
    }
    const upgrade = upgradeRefusal(request, api);
    if (upgrade !== undefined) return upgrade;
    if (Number(request.headers["content-length"] ?? 0) > this.#options.requestBytes) {
      return { status: 413, message: "the request is too large", retry: false };
    }
    return isBusy ? { status: 429, message: "too many requests at once" } : undefined;
  }

  async #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    refusal: GatewayAnswer,
    api: ModelApi | undefined,
  ): Promise<Result> {
    await this.#options.rateLimit();
    // The body is read and discarded, up to the limit, so that the sender gets to see the response.
    let readBytes = 0;
    request.on("data", (chunk: Buffer) => {
      readBytes += chunk.length;
      if (readBytes > this.#options.requestBytes) request.destroy();
    });
    const { status, bytes: responseBytes } = sendAnswer(response, refusal, api);
    return { decision: "denied", status, reason: refusal.message, requestBytes: 0, responseBytes };
  }
}

/** Of a request that would change the protocol, which no model needs. */
function upgradeRefusal({ headers }: IncomingMessage, api: ModelApi | undefined): GatewayAnswer | undefined {
  if (headers.upgrade === undefined) return undefined;
  // Tried with Codex 0.171.0: 426 makes it use HTTP at once; after any other status it tries the upgrade seven times.
  const status = api === "openai-responses" ? 426 : 403;
  return { status, message: "protocol upgrades are not allowed", retry: false };
}

function upstreamOf(route: ModelRoute | undefined): { readonly host: string; readonly port: number } {
  if (route === undefined) return { host: "", port: 0 };
  const { hostname, port, protocol } = new URL(route.upstream);
  return { host: hostname, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}
