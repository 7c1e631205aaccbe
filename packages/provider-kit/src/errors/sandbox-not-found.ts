import { SandboxNotFoundError } from "@glovebox/core/provider";
import type { ProviderIdentity } from "../provider-identity.ts";

/** The error for a sandbox that certainly does not exist, or that is another program's. */
export function sandboxNotFound(
  { id: providerId, name }: ProviderIdentity,
  id: string,
  found?: "foreign",
): SandboxNotFoundError {
  const why = found === "foreign" ? "is not a sandbox of Glovebox" : "does not exist";
  return new SandboxNotFoundError(`The ${name} sandbox ${id} ${why}`, {
    providerId,
    hint: "`glovebox ps` lists runs and their sandboxes.",
  });
}
