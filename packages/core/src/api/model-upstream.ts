import { InvalidOptionsError } from "../errors/index.ts";
import type { CredentialSpec, Harness } from "../harness/harness.ts";

/**
 * Returns where the API that a credential is for lies, when the environment moves it: the value of the endpoint's base URL
 * variable. Throws `invalid-options` for one that is not an address and nothing more.
 */
export function modelUpstream(
  harness: Harness,
  credential: CredentialSpec,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const endpoint = harness.endpoints.find(({ id }) => id === credential.endpointId);
  return endpoint === undefined
    ? undefined
    : checkUpstream(endpoint.baseUrlVariable, env[endpoint.baseUrlVariable]?.trim());
}

/** Returns the address, or `undefined` for none. What may be a secret in it is neither used nor repeated. */
export function checkUpstream(name: string, url: string | undefined): string | undefined {
  if (!url) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new InvalidOptionsError(`${name} is not an http or https URL`);
  }
  if (parsed.username !== "" || parsed.password !== "" || parsed.search !== "" || parsed.hash !== "") {
    throw new InvalidOptionsError(`${name} holds more than an address`, {
      hint: "Give it as https://host or https://host/base, without a user, a password or a query.",
    });
  }
  return url;
}
