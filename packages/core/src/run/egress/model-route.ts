import { InvalidOptionsError } from "../../errors/index.ts";
import type { Harness, ModelEndpoint } from "../../harness/harness.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import type { HeaderCredential, ModelRoute } from "../../provider/egress-policy.ts";
import type { ModelPrices } from "../../provider/model-prices.ts";
import type { ModelCredential, RunSpec } from "../run-spec.ts";
import { hasBudget, runBudget } from "./run-budget.ts";

/** How a run reaches its model: the route with its credential, outside; the variables that lead to it, inside. */
export interface ModelAccess {
  readonly route: ModelRoute;
  environment(modelUrls: Readonly<Record<string, string>>): Record<string, string>;
}

export function modelAccess(spec: RunSpec): ModelAccess {
  const { credential, harness } = spec;
  if (spec.network?.mode === "none") {
    throw new InvalidOptionsError(
      `${harness.id} needs its model, and the network mode none keeps even that out of reach`,
      {
        hint: "The mode sealed reaches the model's API and nothing else.",
      },
    );
  }
  const { kind, endpoint } = credentialOf(harness, credential);
  const prices = mergedPrices(endpoint.prices, spec.prices);
  if (hasBudget(spec) && endpoint.api === undefined) {
    throw new InvalidOptionsError(`What ${harness.id} costs cannot be limited: its usage cannot be read`, {
      hint: "Leave the limit of cost out.",
    });
  }
  if (runBudget(spec)?.limitsCost && prices === undefined) {
    throw new InvalidOptionsError(`What ${harness.id} costs cannot be limited: it has no price for any model`, {
      hint: "Give the models a price with `prices` in your configuration, or leave the limit of cost out.",
    });
  }
  const isPerAgent = spec.maxCostPerAgentUsd !== undefined || spec.maxTokensPerAgent !== undefined;
  if (isPerAgent && endpoint.agentHeader === undefined) {
    throw new InvalidOptionsError(`${harness.id} does not name its sub-agents, so what each uses cannot be limited`, {
      hint: "Limit the run as a whole.",
    });
  }
  return {
    route: {
      id: endpoint.id,
      upstream: (credential.upstream ?? endpoint.upstream).replace(/\/+$/, ""),
      paths: endpoint.paths,
      ...(endpoint.api === undefined ? {} : { api: endpoint.api }),
      ...(prices === undefined ? {} : { prices }),
      ...(endpoint.agentHeader === undefined ? {} : { agentHeader: endpoint.agentHeader }),
      credential: credential.account ?? { ...kind.header, secret: credential.secret },
    },
    environment(modelUrls) {
      const url = modelUrls[endpoint.id];
      if (url === undefined) {
        throw new InvalidOptionsError(`${spec.provider.id} gave no address for the model route ${endpoint.id}`);
      }
      return { ...credential.environment, ...kind.environment, [endpoint.baseUrlVariable]: url };
    },
  };
}

/** A prefix that the caller names is priced by the caller alone. */
function mergedPrices(list: ModelPrices | undefined, own: ModelPrices | undefined): ModelPrices | undefined {
  if (list === undefined || own === undefined) return own ?? list;
  const named = new Set(own.models.map(({ modelPrefix }) => modelPrefix));
  return { asOf: own.asOf, models: [...own.models, ...list.models.filter((price) => !named.has(price.modelPrefix))] };
}

/** What a credential is to its harness. */
interface CredentialKind {
  readonly endpointId: string;
  readonly header: Pick<HeaderCredential, "header" | "scheme">;
  /** What the harness gets inside. */
  readonly environment: Readonly<Record<string, string>>;
}

function credentialOf(
  harness: Harness,
  { variable, account }: ModelCredential,
): { readonly kind: CredentialKind; readonly endpoint: ModelEndpoint } {
  const kind = kindOf(harness, variable);
  const endpoint = harness.endpoints.find((candidate) => candidate.id === kind?.endpointId);
  if (kind === undefined || endpoint === undefined) {
    const { credentials, logins = [], clouds = [] } = harness;
    const known = [...credentials, ...logins, ...clouds].map((candidate) => candidate.variable);
    throw new InvalidOptionsError(`The harness has no use for the credential ${variable}`, {
      hint: `It knows ${known.join(", ")}.`,
    });
  }
  if (account === undefined && [...(harness.clouds ?? []), ...(harness.logins ?? [])].some(isNamed(variable))) {
    throw new InvalidOptionsError(`${variable} stands for a cloud or a login: it needs an account`);
  }
  return { kind, endpoint };
}

function kindOf(harness: Harness, variable: string): CredentialKind | undefined {
  const { credentials, logins = [], clouds = [] } = harness;
  const spec = [...credentials, ...logins].find(isNamed(variable));
  if (spec !== undefined) {
    const { endpointId, header, scheme, placeholder } = spec;
    return { endpointId, header: { header, ...dropUndefined({ scheme }) }, environment: { [variable]: placeholder } };
  }
  const cloud = clouds.find(isNamed(variable));
  if (cloud === undefined) return undefined;
  return {
    endpointId: cloud.endpointId,
    header: { header: "authorization" },
    environment: { ...cloud.env, [variable]: "1" },
  };
}

function isNamed(variable: string) {
  return (candidate: { readonly variable: string }): boolean => candidate.variable === variable;
}
