import type { IncomingMessage, ServerResponse } from "node:http";
import type { EgressEvent, EgressObserver, EgressPolicy, ModelRoute } from "@glovebox/core/provider";
import type { Dispatcher } from "undici";
import { exchange } from "./exchange.ts";
import { type GatewayAnswer, sendAnswer } from "./gateway-answer.ts";
import { Meter } from "./metering/meter.ts";
import { valuesOf } from "./proxy/proxy-headers.ts";
import { decideRoute, printable } from "./route-decision.ts";
import { upstreamDispatcher } from "./upstream-dispatcher.ts";

export interface ModelDoorOptions {
  readonly policy: EgressPolicy;
  readonly observer: EgressObserver | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly requestBytes: number;
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly onTraffic: () => void;
  /** Waited for before a refusal is answered. */
  readonly turn: () => Promise<void>;
}

/** The reverse routes to models, each decided, carried and written down. */
export interface ModelDoor {
  /** `busy` says that too many requests are in flight for another one. */
  request(request: IncomingMessage, response: ServerResponse, busy: boolean): Promise<void>;
  close(): Promise<void>;
}

/** A limit of cost that cannot work is `invalid-options`. */
export function createModelDoor(options: ModelDoorOptions): ModelDoor {
  const { policy, observer, requestBytes, idleTimeoutMs, signal, onTraffic, turn } = options;
  const meter = new Meter(policy, observer);
  let dispatcher: Dispatcher | undefined;

  const overLimit = (request: IncomingMessage, busy: boolean): GatewayAnswer | undefined => {
    if (valuesOf(request.rawHeaders, "host").length !== 1 && request.httpVersion !== "1.0") {
      return { status: 400, message: "the request has no Host header, or more than one", retry: false };
    }
    if (request.headers.upgrade !== undefined) {
      return { status: 403, message: "a change of protocol is not allowed", retry: false };
    }
    if (Number(request.headers["content-length"] ?? 0) > requestBytes) {
      return { status: 413, message: "the request is too large", retry: false };
    }
    return busy ? { status: 429, message: "too many requests at once" } : undefined;
  };

  const refuse = (request: IncomingMessage, response: ServerResponse, answer: GatewayAnswer): number => {
    // The body is read away, up to the limit, so that the sender gets to see the answer.
    let read = 0;
    request.on("data", (chunk: Buffer) => {
      read += chunk.length;
      if (read > requestBytes) request.destroy();
    });
    return sendAnswer(response, answer);
  };

  return {
    request: async (request, response, busy) => {
      const started = performance.now();
      const method = printable(request.method ?? "");
      const decision = decideRoute(policy, request.method ?? "", request.url ?? "");
      const report = (result: Omit<EgressEvent, "host" | "port" | "method" | "path" | "durationMs">): void => {
        const path = decision.allowed ? decision.path : printable((request.url ?? "").split("?", 1)[0] ?? "");
        observer?.onRequest?.({ ...result, ...target, method, path, durationMs: performance.now() - started });
      };
      const routeId = decision.allowed ? decision.route.id : decision.routeId;
      const target = upstreamOf(policy.models.find(({ id }) => id === routeId));
      const known = routeId === undefined ? {} : { routeId, rule: `model ${routeId}` };
      const limited = decision.allowed ? overLimit(request, busy) : undefined;
      const refusal = decision.allowed ? limited : { ...decision, message: decision.reason, retry: false };
      if (refusal !== undefined) {
        await turn();
        const responseBytes = refuse(request, response, refusal);
        const reason = refusal.message;
        return report({ ...known, decision: "denied", status: refusal.status, reason, requestBytes: 0, responseBytes });
      }
      if (!decision.allowed) return;
      dispatcher ??= upstreamDispatcher(options.env);
      const context = { dispatcher, requestBytes, idleTimeoutMs, signal, onTraffic, turn, meter };
      report({ ...known, ...(await exchange(request, response, decision, context)) });
    },
    close: async () => dispatcher?.destroy(),
  };
}

function upstreamOf(route: ModelRoute | undefined): { readonly host: string; readonly port: number } {
  if (route === undefined) return { host: "", port: 0 };
  const { hostname, port, protocol } = new URL(route.upstream);
  return { host: hostname, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}
