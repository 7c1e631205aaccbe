import type { RunSpec } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError, SandboxAuthenticationError, Secret } from "@glovebox/core/provider";

/** The first of the harness's credentials that the server's environment has, and where its API is. */
export function modelCredential(
  harness: Harness,
  env: Readonly<Record<string, string | undefined>>,
): RunSpec["credential"] {
  for (const { variable, endpointId } of harness.credentials) {
    const value = env[variable]?.trim();
    if (!value) continue;
    if (/[^\x21-\x7e]/.test(value)) throw new InvalidOptionsError(`The server's ${variable} holds what no key has`);
    const endpoint = harness.endpoints.find(({ id }) => id === endpointId);
    const upstream = endpoint && env[endpoint.baseUrlVariable]?.trim();
    return { variable, secret: new Secret(variable, value), ...(upstream ? { upstream } : {}) };
  }
  throw new SandboxAuthenticationError("The server has no credential for the model", {
    hint: `Start it with ${harness.credentials.map(({ variable }) => variable).join(" or ")} in its environment.`,
  });
}
