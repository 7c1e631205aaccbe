import type { Remedy } from "../errors/remedy.ts";
import type { BudgetTotals, CostBudget, ExceededBudget } from "./cost-budget.ts";
import type { ModelAccount } from "./model-account.ts";
import type { ModelPrices } from "./model-prices.ts";
import type { Secret } from "./secret.ts";

/**
 * What a sandbox may reach. In every mode but `none` the hosts of `EgressPolicy.allow` are reachable too.
 *
 * - `none`: nothing, not even a model.
 * - `sealed`: the model routes.
 * - `standard`: `sealed`, and the package registries and git hosts that the configuration names. Whoever makes the policy
 *   lists them in `allow`: to a provider, `sealed` and `standard` are the same.
 * - `open`: every host, but no private, loopback, link-local or metadata address, and none of the host's own.
 */
export type EgressMode = "none" | "sealed" | "standard" | "open";

/** What a sandbox may reach, with which credentials, and what it may cost. */
export interface EgressPolicy {
  readonly mode: EgressMode;
  readonly models: readonly ModelRoute[];
  readonly allow?: readonly HostRule[];
  /**
   * Addresses and blocks of addresses that are not reached although the mode lets them pass: directly, or as what a name
   * resolves to. A rule of `allow` that names the host wins.
   */
  readonly deny?: readonly DenyRule[];
  readonly credentials?: readonly CredentialRule[];
  /**
   * What the models may cost or use. It may be shared with other sandboxes, and holds for every handle on the same one. Needs
   * the capability `egress.metering`, and prices on every route where it limits US dollars.
   */
  readonly budget?: CostBudget;
  /** Says to the agent how a refused request would be allowed, as the user's program names it; without it nothing is said. */
  readonly describeRemedy?: (remedy: Remedy) => string;
}

/** A host that may be reached. Its name is resolved outside; nothing inside can say what it resolves to. */
export interface HostRule {
  /**
   * One of: a name (`registry.example.com`); `*.` and a name, for every name below it but not itself; an address; a block
   * of addresses (`10.1.0.0/16`). A private, loopback, link-local or metadata address is reached, directly or as what an
   * allowed name resolves to, only where a rule names it or its block, or the name's own rule is `mayBePrivate`. Lower case,
   * without a trailing dot.
   */
  readonly host: string;
  /** The only port, or every one. Default: 80 and 443. */
  readonly port?: number | "any";
  /**
   * Of a name that the user's own configuration gives: it may resolve to a private or loopback address, as a company's
   * mirror does. Never to a link-local or metadata one.
   */
  readonly mayBePrivate?: boolean;
  /** Where the rule comes from, for users: a flag, `your npm configuration`. */
  readonly source: string;
}

/** What may not be reached, on any port. */
export interface DenyRule {
  /** An address, or a block of addresses (`203.0.113.0/24`). */
  readonly host: string;
  /** Where the rule comes from, for people. */
  readonly source: string;
}

/**
 * A host whose requests get a credential on their way. It is never tunnelled: TLS from inside ends at the gateway, under a
 * certificate authority made for this sandbox, and every credential that came from inside is stripped.
 */
export interface CredentialRule {
  /** An exact name, or an address. It may be reached; it needs no rule in `allow`. */
  readonly host: string;
  /** Default: 443, and 80 answers by refusing: a credential travels over TLS, but to a port named here. */
  readonly port?: number;
  /** False for a host that is reached without TLS. */
  readonly tls?: boolean;
  /** The header that carries it, lower case: `authorization`, `private-token`. */
  readonly header: string;
  /** `Bearer`, or any word that goes before the value with a space; `Basic` sends `username:value` in base64. */
  readonly scheme?: string;
  /** For `Basic`: `x-access-token` by default. */
  readonly username?: string;
  readonly secret: Secret;
  /**
   * Further headers that every request gets, lower case. What came from inside under their names is dropped; an empty value
   * does only that, for a server that takes an empty header for none.
   */
  readonly headers?: Readonly<Record<string, Secret>>;
  /**
   * Headers that pass from inside beside those of content, caches and common tools, lower case. Those that are named like a
   * credential never do.
   */
  readonly passHeaders?: readonly string[];
  /**
   * False for headers that are set and no more, as a client of E2B means them: other credentials from inside go along, and
   * the answer passes as it is, also where it repeats what was set.
   */
  readonly guarded?: boolean;
  /** The only requests that pass. Default: all. A path that ends in `/*` stands for everything below it. */
  readonly paths?: readonly PathRule[];
  /** Where the rule comes from, for users: a flag, a file. */
  readonly source: string;
}

/** A request that a run may make: the method, and the path without its query, in full. */
export interface PathRule {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  /**
   * An exact path such as `/v1/messages`. Each `*` in it stands for one or more characters of a single segment, none of which is
   * a colon or a percent sign: `/v1beta/models/*:generateContent`. The only escapes that it may hold are `%3A`
   * and `%2F`, for a colon or a slash in a model's name: `/model/*%3A*:invoke`.
   */
  readonly path: string;
}

/** A model's API as the sandbox reaches it: through a loopback address inside, with the credential added outside. */
export interface ModelRoute {
  /** Names the route: `anthropic`. The sandbox learns its address from `Sandbox.modelUrls[id]`. */
  readonly id: string;
  /** The API's base URL, without a trailing slash: `https://api.anthropic.com`. */
  readonly upstream: string;
  /** The only requests that pass; everything else is answered 403, or 405 for another method, without leaving the host. */
  readonly paths: readonly PathRule[];
  readonly credential: RouteCredential;
  /** Whose API it speaks: what the usage is read from as it passes. Default: not metered. */
  readonly api?: ModelApi;
  /** What it costs. Default: usage has no cost. */
  readonly prices?: ModelPrices;
  /**
   * The header, lower case, in which the harness names the agent whose request it is. Whatever is inside can leave it out or
   * name any agent: a limit for each agent narrows what an honest harness does, and the other limits hold beside it.
   */
  readonly agentHeader?: string;
}

/** An API whose usage can be read as it passes. */
export type ModelApi =
  | "anthropic-messages"
  | "anthropic-bedrock"
  | "anthropic-vertex"
  | "openai-responses"
  | "openai-chat"
  | "google-generate";

/** How the gateway authenticates a request after it has stripped every credential that came from inside. */
export type RouteCredential = HeaderCredential | ModelAccount;

/** A credential that is the same in every request. */
export interface HeaderCredential {
  /** The header that carries it, lower case: `x-api-key`, `authorization`. */
  readonly header: string;
  /** Put before the value with a space: `Bearer`. */
  readonly scheme?: string;
  readonly secret: Secret;
}

/**
 * What went wrong with a request that was let pass: its host could not be reached, broke off its answer, or was silent for too
 * long; the host has no login that could authenticate it; or whoever had asked, or the gateway itself, left before the end.
 */
export type EgressFailure = "unreachable" | "broken" | "silent" | "unauthenticated" | "left";

/** One request or tunnel that passed or was refused at egress. Never holds a body, a query or a credential. */
export interface EgressEvent {
  /** The host that was asked for; of a model route, its upstream's. Empty when the request could not be read. */
  readonly host: string;
  readonly port: number;
  readonly routeId?: string;
  /** `CONNECT` for a tunnel, whose inside is not seen. */
  readonly method: string;
  /** Without the query; absent where it is not seen. */
  readonly path?: string;
  readonly decision: "allowed" | "denied" | "failed";
  /** What decided, for people: `model anthropic`, `registry.example.com (your npm configuration)`. Absent where no rule did. */
  readonly rule?: string;
  /** As the sandbox saw it. */
  readonly status: number;
  /** Why it was denied or failed, in one line. */
  readonly reason?: string;
  /** Of a failed one. Absent where it is not one of these. */
  readonly failure?: EgressFailure;
  /** What would let it pass. */
  readonly remedy?: Remedy;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number;
}

/** What one answer of a model used, as its API said it on the way. Of an answer that broke off, the output is estimated. */
export interface ModelUsage {
  readonly routeId: string;
  readonly model: string;
  /** The API's id of the message. */
  readonly messageId?: string;
  /** In tokens; without what was read from or written to the cache. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** In US dollars; absent where the model has no price. */
  readonly costUsd?: number;
  /** The harness's agent that the request named; absent for its main one. */
  readonly agentId?: string;
  /** Where there is a budget: the node that counted the request and those above it, with the request. */
  readonly budget?: readonly BudgetTotals[];
}

/** Hears of what goes out. */
export interface EgressObserver {
  /** Called when bytes move, at most a few times a second: a sign that the sandbox is alive. */
  onTraffic?(): void;
  /** Called once for each request. Where it throws, egress is closed: what cannot be recorded does not go out. */
  onRequest?(event: EgressEvent): void;
  /** Once it is aborted, what is in flight ends and nothing goes out any more, whatever the policy says. */
  readonly stop?: AbortSignal;
  /** Called once an answer, and once more for each thing that the API asked of a model beside it. */
  onUsage?(usage: ModelUsage): void;
  /** Called once for each node of the budget, when the first request is refused or cut because of it. */
  onBudgetExceeded?(exceeded: ExceededBudget): void;
}
