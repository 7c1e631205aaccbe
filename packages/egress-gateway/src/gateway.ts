import type { Duplex } from "node:stream";
import type { EgressObserver, EgressPolicy } from "@glovebox/core/provider";
import { defaultLimits, type GatewayLimits } from "./gateway-limits.ts";
import { createHttpDoor } from "./http-door.ts";
import { createModelDoor } from "./model-door.ts";
import { createDialer, systemResolve } from "./outbound/dialer.ts";
import { checkPolicy } from "./policy/check-policy.ts";
import { hostRules } from "./policy/host-rules.ts";
import { paced } from "./proxy/paced.ts";
import { createProxyDoor } from "./proxy/proxy-door.ts";
import { routePrefix } from "./route-decision.ts";
import { certificateAuthority } from "./tls/certificate-authority.ts";

export interface GatewayOptions {
  /** The certificate authority belongs to its `credentials`, the very array: give a second gateway of a run the same one. */
  readonly policy: EgressPolicy;
  readonly observer?: EgressObserver;
  readonly limits?: GatewayLimits;
  /** Where HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and NODE_EXTRA_CA_CERTS are read. The process's own unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * All addresses of a name, for every host but the models'; rejects when it has none. The system's resolver unless given.
   * What it gives is checked: it cannot make a refused address permitted.
   */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** The way out of one sandbox. It listens nowhere: byte streams from inside are handed to it. */
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

/** Makes the way out of one sandbox. Does no I/O. A rule, a route or a credential that cannot work is `invalid-options`. */
export function createGateway(options: GatewayOptions): Gateway {
  const { policy, observer, env = process.env, resolve = systemResolve } = options;
  checkPolicy(policy);
  const limits = { ...defaultLimits, ...options.limits };
  const closing = new AbortController();
  const rules = hostRules(policy);
  const authority = certificateAuthority(policy);
  const dialer = createDialer({ rules, env, resolve, timeoutMs: limits.connectTimeoutMs, signal: closing.signal });
  const context = {
    policy,
    observer,
    env,
    ...limits,
    signal: closing.signal,
    onTraffic: throttled(() => observer?.onTraffic?.()),
    turn: paced(refusalsPerSecond, closing.signal),
  };
  const models = createModelDoor(context);
  const proxy = createProxyDoor({
    ...context,
    rules,
    dialer,
    authority,
    serveInside: (socket, target) => door.serveInside(socket, target),
  });
  const door = createHttpDoor({ ...context, models, proxy });
  let closed: Promise<void> | undefined;

  return {
    handle: (socket) => door.handle(socket),
    modelUrls: (origin) =>
      Object.fromEntries(
        (policy.mode === "none" ? [] : policy.models).map(({ id }) => [id, `${origin}${routePrefix(id)}`]),
      ),
    certificate: async () => authority?.certificate(),
    close: () => {
      closed ??= (async () => {
        closing.abort();
        const inside = door.close();
        proxy.close();
        await inside;
        await models.close();
      })();
      return closed;
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
