import { type EgressPolicy, InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { createGateway } from "@glovebox/egress-gateway";

/** Throws `invalid-options` for a policy with a rule, a route or a credential that cannot work. */
export function checkEgress(policy: EgressPolicy): void {
  try {
    // The gateway checks every rule when it is made, which does no I/O.
    void createGateway({ policy }).close();
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "invalid-options") throw error;
    const { message, hint } = error;
    const options = { providerId: "cloudflare", cause: error };
    throw new InvalidOptionsError(message, { ...options, ...(hint !== undefined && { hint }) });
  }
}
