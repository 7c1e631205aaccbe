import type { Duplex } from "node:stream";
import type { EgressObserver, EgressPolicy } from "@glovebox/core/provider";
import { ConnectionHandler } from "./connection-handler.ts";
import { defaultLimits, type GatewayLimits } from "./gateway-limits.ts";
import { ModelProxy } from "./model-proxy.ts";
import { Dialer, systemResolve } from "./outbound/dialer.ts";
import { checkPolicy } from "./policy/check-policy.ts";
import { HostRules } from "./policy/host-rules.ts";
import { ForwardProxy } from "./proxy/forward-proxy.ts";
import { rateLimit } from "./proxy/rate-limit.ts";
import { routePrefix } from "./route-decision.ts";
import { certificateAuthority } from "./tls/certificate-authority.ts";

/** How an egress proxy is created. */
export interface GatewayOptions {
  /** The certificate authority belongs to its `credentials`, the very array: give a second gateway of a run the same one. */
  readonly policy: EgressPolicy;
  readonly observer?: EgressObserver;
  readonly limits?: GatewayLimits;
  /** Where HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and NODE_EXTRA_CA_CERTS are read. Default: the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * All addresses of a name, for every host but the models'; rejects when it has none. Default: the system's
   * resolver. Its result is checked: it cannot make a refused address permitted.
   */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** The egress proxy of one sandbox. It listens nowhere: it serves byte streams that come from inside. */
export interface Gateway {
  /** Serves HTTP/1.1 on a byte stream that comes from inside the sandbox: model routes, plain proxy requests, CONNECT. */
  handle(socket: Duplex): void;
  /** The address of each model route, given the origin (`http://127.0.0.1:1234`) that the sandbox sees the gateway at. */
  modelUrls(origin: string): Readonly<Record<string, string>>;
  /**
   * The certificate, as PEM, that the sandbox must trust for the hosts of credentials; undefined when none needs it. Every
   * gateway that this process makes with the same array of credentials has the same one. Its key is in memory alone.
   */
  certificate(): Promise<string | undefined>;
  /** Ends everything in flight, then resolves. Idempotent. */
  close(): Promise<void>;
}

const refusalsPerSecond = 100;
const trafficIntervalMs = 250;

/** Creates the egress proxy of one sandbox. Does no I/O. A rule, a route or a credential that cannot work is `invalid-options`. */
export function createGateway(options: GatewayOptions): Gateway {
  const { policy, env = process.env, resolve = systemResolve } = options;
  const observer = options.observer && closingOn(options.observer, () => void close());
  checkPolicy(policy);
  const limits = { ...defaultLimits, ...options.limits };
  const closing = new AbortController();
  const rules = new HostRules(policy);
  const authority = certificateAuthority(policy);
  const dialer = new Dialer({ rules, env, resolve, timeoutMs: limits.connectTimeoutMs, signal: closing.signal });
  const context = {
    policy,
    observer,
    env,
    ...limits,
    signal: closing.signal,
    onTraffic: throttled(() => observer?.onTraffic?.()),
    rateLimit: rateLimit(refusalsPerSecond, closing.signal),
  };
  const models = new ModelProxy(context);
  const proxy = new ForwardProxy({
    ...context,
    rules,
    dialer,
    authority,
    serveInside: (socket, target) => connections.serveInside(socket, target),
  });
  const connections = new ConnectionHandler({ ...context, models, proxy });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= (async () => {
      closing.abort();
      const inside = connections.close();
      proxy.close();
      await inside;
      await models.close();
    })();
    return closed;
  };
  if (observer?.stop?.aborted) void close();
  else observer?.stop?.addEventListener("abort", () => void close(), { once: true });

  return {
    handle: (socket) => connections.handle(socket),
    modelUrls: (origin) =>
      Object.fromEntries(
        (policy.mode === "none" ? [] : policy.models).map(({ id }) => [id, `${origin}${routePrefix(id)}`]),
      ),
    certificate: async () => authority?.certificate(),
    close,
  };
}

/** The same observer; a request that it cannot record closes the gateway. */
function closingOn(observer: EgressObserver, close: () => void): EgressObserver {
  return {
    ...(observer.stop && { stop: observer.stop }),
    onTraffic: () => observer.onTraffic?.(),
    onUsage: (usage) => observer.onUsage?.(usage),
    onBudgetExceeded: (spent) => observer.onBudgetExceeded?.(spent),
    onRequest: (event) => {
      try {
        observer.onRequest?.(event);
      } catch {
        // Whoever threw knows why; what matters here is that nothing more goes out.
        close();
      }
    },
  };
}

/** Calls at once, then at most every {@link trafficIntervalMs}. */
function throttled(call: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const time = performance.now();
    if (time - last < trafficIntervalMs) return;
    last = time;
    call();
  };
}
