import type { Capabilities, EgressPolicy, SandboxSpec, Template } from "@glovebox/core/provider";
import type { ProviderIdentity } from "../provider-identity.ts";
import { checkEgress } from "./check-egress.ts";
import { checkEnvironment } from "./check-environment.ts";
import { checkLabels, checkRequiredLabels } from "./check-labels.ts";
import { checkResources, type ResourceBounds } from "./check-resources.ts";
import { checkTtl } from "./check-ttl.ts";
import { invalidOptions, unsupportedFeature } from "./spec-errors.ts";

/** A spec as `preflight` gets it, before its template is prepared, and as `create` gets it. */
export type CheckedSpec = Omit<SandboxSpec, "template"> & { readonly template?: Template };

export interface SpecRules {
  readonly provider: ProviderIdentity;
  readonly capabilities: Capabilities;
  readonly bounds?: ResourceBounds | undefined;
  /** What the vendor's own egress rules cannot do, where it is the vendor that enforces them. */
  readonly checkPolicy?: ((policy: EgressPolicy) => void) | undefined;
}

/**
 * Throws for what contradicts the contract (`invalid-options`) and for what the provider does not claim to do
 * (`capability-unsupported`), before anything exists. Does no I/O.
 */
export function checkSpec(spec: CheckedSpec, rules: SpecRules): void {
  const { provider, capabilities, bounds } = rules;
  checkTtl(provider, spec.ttlMs, capabilities);
  if (typeof spec.idempotencyKey !== "string" || spec.idempotencyKey === "")
    throw invalidOptions(provider, "The idempotency key is empty");
  checkLabels(provider, spec.labels);
  checkRequiredLabels(provider, spec.labels);
  checkEnvironment(provider, spec.env);
  checkResources(provider, spec.resources ?? {}, { capabilities, bounds });
  if (!capabilities.mounts && (spec.mounts ?? []).length > 0)
    throw unsupportedFeature(provider, "mounts of host directories", "Copy files in as a workspace instead.");
  if (!capabilities.rootInside && spec.rootInside) throw unsupportedFeature(provider, "root inside the sandbox");
  checkEgress(provider, spec.egress, capabilities);
  rules.checkPolicy?.(spec.egress);
  if (spec.template !== undefined) checkTemplate(provider, spec.template);
}

function checkTemplate(provider: ProviderIdentity, template: Template): void {
  if (template.providerId === provider.id) return;
  throw invalidOptions(
    provider,
    `The template was prepared by the provider ${template.providerId}, not by ${provider.id}`,
    "Prepare it with this provider.",
  );
}
