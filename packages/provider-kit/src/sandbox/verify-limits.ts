import { type CallOptions, CapabilityUnsupportedError, type Resources } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type { ProviderIdentity } from "../provider-identity.ts";

/** Kernels round to pages and to periods of the scheduler. */
const tolerance = 0.02;

/** Reads the limits back from inside the sandbox, and throws where one is not enforced: it must not be relied on. */
export async function verifyLimits(
  provider: ProviderIdentity,
  connection: SupervisorConnection,
  { limits, ...call }: CallOptions & { readonly limits: Resources },
): Promise<void> {
  const entries = Object.entries(limits) as [keyof Resources, number | undefined][];
  const expected = entries.filter((entry): entry is [keyof Resources, number] => entry[1] !== undefined);
  if (expected.length === 0) return;
  const enforced = await connection.resources(call);
  for (const [name, value] of expected) {
    const found = enforced[name];
    if (found !== undefined && Math.abs(found - value) <= value * tolerance) continue;
    throw new CapabilityUnsupportedError(
      `The limit ${name} was set to ${value}, and the sandbox has ${found === undefined ? "none" : found}`,
      { providerId: provider.id, hint: "It is not enforced here. Run `glovebox doctor`." },
    );
  }
}
