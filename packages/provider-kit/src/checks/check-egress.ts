import {
  type Capabilities,
  dropUndefined,
  type EgressPolicy,
  InvalidOptionsError,
  SandboxError,
} from "@glovebox/core/provider";
import { checkPolicy } from "@glovebox/egress-gateway";
import type { ProviderIdentity } from "../provider-identity.ts";
import { unsupportedFeature } from "./spec-errors.ts";

/** Throws for a policy that cannot work (`invalid-options`) or that the provider does not claim to enforce. */
export function checkEgress(provider: ProviderIdentity, policy: EgressPolicy, { egress }: Capabilities): void {
  if (!egress.modes.includes(policy.mode)) throw unsupportedFeature(provider, `the network mode ${policy.mode}`);
  if (policy.budget !== undefined && !egress.metering) throw unsupportedFeature(provider, "a limit of cost");
  if (!egress.hosts && (policy.allow ?? []).length > 0) throw unsupportedFeature(provider, "allowed hosts");
  const credentials = policy.credentials ?? [];
  if (!egress.credentials && credentials.length > 0) throw unsupportedFeature(provider, "credentials");
  if (!egress.paths && credentials.some(({ paths }) => paths !== undefined))
    throw unsupportedFeature(provider, "credentials for single paths");
  try {
    checkPolicy(policy);
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "invalid-options") throw error;
    const { message, hint, remedy } = error;
    throw new InvalidOptionsError(message, dropUndefined({ providerId: provider.id, hint, remedy, cause: error }));
  }
}
