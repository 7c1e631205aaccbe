import { CapabilityUnsupportedError } from "../errors/index.ts";

/**
 * The method for a capability that a provider does not claim:
 * `readonly pty = unsupported("acme", "pty")`. Every call rejects with `capability-unsupported`.
 */
export function unsupported(providerId: string, capability: string): () => Promise<never> {
  return async () => {
    throw new CapabilityUnsupportedError(`The provider ${providerId} does not support ${capability}`, { providerId });
  };
}
