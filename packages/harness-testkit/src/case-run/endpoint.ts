import type { CredentialSpec, Harness, ModelEndpoint } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";

/** The credential of that variable, or the harness's first one, and the API that it is for. */
export function endpointOf(
  harness: Harness,
  variable: string | undefined,
): { readonly credential: CredentialSpec; readonly endpoint: ModelEndpoint } {
  const credential = harness.credentials.find((each) => variable === undefined || each.variable === variable);
  const endpoint = harness.endpoints.find(({ id }) => id === credential?.endpointId);
  if (credential === undefined || endpoint === undefined) {
    throw new InvalidOptionsError(`The harness ${harness.id} has no credential ${variable ?? "at all"}`);
  }
  return { credential, endpoint };
}
