import type { Secret } from "./secret.ts";

/**
 * What a sandbox may reach.
 *
 * - `none`: nothing, not even a model.
 * - `sealed`: the model routes and the allowed hosts, nothing else.
 * - `standard`: `sealed`, and the package registries and git hosts that the configuration names.
 * - `open`: everything but private, link-local, metadata and host addresses.
 */
export type EgressMode = "none" | "sealed" | "standard" | "open";

export interface EgressPolicy {
  readonly mode: EgressMode;
  readonly models: readonly ModelRoute[];
}

/** A request that a run may make to a model's API: the method, and the path without its query, in full. */
export interface PathRule {
  readonly method: "GET" | "HEAD" | "POST";
  /** An exact path such as `/v1/messages`. */
  readonly path: string;
}

/** A model's API as the sandbox reaches it: through a loopback address inside, with the credential added outside. */
export interface ModelRoute {
  /** Names the route: `anthropic`. The sandbox learns its address from `Sandbox.modelUrls[id]`. */
  readonly id: string;
  /** The API's base URL, without a trailing slash: `https://api.anthropic.com`. */
  readonly upstream: string;
  /** The only requests that pass; everything else is answered 403 without leaving the host. */
  readonly paths: readonly PathRule[];
  readonly credential: RouteCredential;
}

/** How the gateway authenticates a request after it has stripped every credential that came from inside. */
export interface RouteCredential {
  /** The header that carries it, lower case: `x-api-key`, `authorization`. */
  readonly header: string;
  /** Put before the value with a space: `Bearer`. */
  readonly scheme?: string;
  readonly secret: Secret;
}

/** One request that passed or was refused at the way out. Never holds a body or a credential. */
export interface EgressEvent {
  readonly routeId?: string;
  readonly method: string;
  readonly path: string;
  readonly decision: "allowed" | "denied" | "failed";
  readonly status: number;
  /** Why it was denied or failed, in one line. */
  readonly reason?: string;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number;
}

/** Hears of what goes out. */
export interface EgressObserver {
  /** Called when bytes move, at most a few times a second: a sign that the sandbox is alive. */
  onTraffic?(): void;
  onRequest?(event: EgressEvent): void;
}
