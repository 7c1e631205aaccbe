import { type ComponentPlan, planParts } from "@glovebox/components";
import type { CredentialSource, RunNetwork } from "@glovebox/core";
import type { ComponentSet, Harness } from "@glovebox/core/harness";
import { InvalidOptionsError, type Secret } from "@glovebox/core/provider";
import type { OwnSecrets } from "../plan/own-secrets.ts";
import { componentHosts } from "./component-hosts.ts";
import { componentValues } from "./component-values.ts";
import { movedModel } from "./moved-model.ts";

export interface ResolvedComponents {
  readonly set: ComponentSet;
  readonly env: Readonly<Record<string, string | Secret>>;
  readonly network: RunNetwork;
  readonly warnings: readonly string[];
}

export interface ResolveComponentsInput {
  readonly plan: ComponentPlan;
  readonly harness: Harness;
  /** What the run may reach without its components. */
  readonly network: RunNetwork;
  readonly passed: Readonly<Record<string, string | Secret>>;
  readonly sources: readonly CredentialSource[];
  readonly own: CredentialSource;
  /** Variables of `--credential`. */
  readonly heldOutside: readonly string[];
  readonly ownSecrets: OwnSecrets;
  readonly isLook: boolean;
  readonly consent: (question: string) => Promise<boolean>;
  readonly askTrust: ((question: string) => Promise<boolean | undefined>) | undefined;
  readonly askValue: (question: string) => Promise<string | undefined>;
}

/** What components add to a run: their files, the values that they need, and the hosts that the user allows them. */
export async function resolveComponents(input: ResolveComponentsInput): Promise<ResolvedComponents> {
  const { plan, harness, network } = input;
  const { allow = [], credentials = [] } = network;
  const moved = movedModel(plan, harness, network);
  if (moved !== undefined && !input.isLook) throw new InvalidOptionsError(moved.message, { hint: moved.hint });
  const hosts = await componentHosts(plan, network, input.askTrust);
  const values = await componentValues({
    ...input,
    reserved: harness.credentials.map(({ variable }) => variable),
    hasCredential: (place) => credentials.some((rule) => isSamePlace(rule, place)),
  });
  // A credential opens its host: not one that the user has not agreed to.
  const own = values.credentials.filter(
    (rule) => ![...hosts.refused, ...credentials].some((other) => isSamePlace(other, rule)),
  );
  return {
    set: {
      ...installed(plan, harness),
      expected: plan.expected,
      programs: plan.components.flatMap(({ programs }) => programs),
      origins: plan.components,
    },
    env: values.env,
    network:
      network.mode === "none"
        ? network
        : { ...network, allow: [...allow, ...hosts.allow], credentials: [...credentials, ...own] },
    warnings: [
      ...plan.conflicts,
      ...plan.warnings,
      ...(moved === undefined ? [] : [moved.message]),
      ...hosts.warnings,
      ...values.warnings,
    ],
  };
}

/** As the harness loads them by itself, or in the places that it has for them. */
function installed(plan: ComponentPlan, { places }: Harness): Pick<ComponentSet, "files" | "plugins" | "parts"> {
  if (places === undefined) return { files: plan.files, plugins: plan.plugins };
  const { parts, files } = planParts(plan);
  return { files: [...files, ...places.files(parts)], parts };
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.host === other.host && (one.port ?? 443) === (other.port ?? 443);
}

interface Place {
  readonly host: string;
  readonly port?: number | "any";
}
