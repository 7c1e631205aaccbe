import { isIP } from "node:net";
import { canonicalHost, hostAndPort } from "@glovebox/core/network";
import type { CredentialRule, EgressPolicy } from "@glovebox/core/provider";
import type { Target } from "./target.ts";

/** A host that is never tunnelled to, whatever allows it: inside, another credential could be used there. */
export interface ReservedHost extends Target {
  /** Why, as a message for the user. */
  readonly reason: string;
  readonly credential?: CredentialRule;
}

/** The hosts that are reached in one way only: those of credentials and of models. */
export class ReservedHosts {
  readonly #all: readonly ReservedHost[];
  /** Those whose other ports are closed too. */
  readonly guarded: readonly ReservedHost[];

  constructor({ credentials = [], models }: EgressPolicy) {
    this.#all = [...credentials.map(reservedCredential), ...models.map(reservedModel)];
    this.guarded = this.#all.filter(isGuarded);
  }

  /** The host that reserves a target: a model before all, then the credential of its very port. */
  for(target: Target): ReservedHost | undefined {
    const matching = this.#all.filter((host) => covers(host, target) && (isGuarded(host) || host.port === target.port));
    return (
      matching.find(({ credential }) => credential === undefined) ??
      matching.find(({ port }) => port === target.port) ??
      matching[0]
    );
  }
}

/** Whether a target is a reserved host: on loopback each port is another service, elsewhere all are the same party's. */
export function covers(reserved: Target, target: Target): boolean {
  return reserved.host === target.host && (!isLoopback(reserved.host) || reserved.port === target.port);
}

/** Whether a host's other ports are closed; a rule that only sets headers leaves them open. */
function isGuarded({ credential }: ReservedHost): boolean {
  return credential?.guarded !== false;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || (isIP(host) !== 0 && /^(127\.|::1$)/.test(host));
}

function reservedCredential(credential: CredentialRule): ReservedHost {
  const host = canonicalHost(credential.host) ?? credential.host;
  const port = credential.port ?? 443;
  const form = credential.tls === false ? "http" : "https";
  return {
    host,
    port,
    credential,
    reason: `${host} has a credential: it is reached as ${form}://${hostAndPort(host, port)} alone`,
  };
}

function reservedModel(route: EgressPolicy["models"][number]): ReservedHost {
  const url = new URL(route.upstream);
  const host = canonicalHost(url.hostname) ?? url.hostname;
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { host, port, reason: `${host} is the host of model ${route.id}, which is reached by its route alone` };
}
