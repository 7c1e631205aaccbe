import { CapabilityUnsupportedError, dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import type { ProviderIdentity } from "../provider-identity.ts";

/** An `invalid-options` error in the provider's name. */
export function invalidOptions(provider: ProviderIdentity, message: string, hint?: string): InvalidOptionsError {
  return new InvalidOptionsError(message, dropUndefined({ providerId: provider.id, hint }));
}

/** A `capability-unsupported` error in the provider's name. `feature` completes "… does not support …". */
export function unsupportedFeature(
  provider: ProviderIdentity,
  feature: string,
  hint = "Leave it out, or choose a provider that supports it. Nothing was created.",
): CapabilityUnsupportedError {
  const message = `The ${provider.name} provider does not support ${feature}`;
  return new CapabilityUnsupportedError(message, { providerId: provider.id, hint });
}
