import type { ProviderIdentity } from "../provider-identity.ts";
import { invalidOptions } from "./spec-errors.ts";

const maxBytes = 1024 * 1024;

/** Throws `invalid-options` for an environment that no process can have. Never repeats a value: it may be a secret. */
export function checkEnvironment(provider: ProviderIdentity, env: Readonly<Record<string, string>>): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw invalidOptions(provider, `Invalid environment variable name ${JSON.stringify(name.slice(0, 80))}`);
    if (typeof value !== "string" || value.includes("\0"))
      throw invalidOptions(provider, `The value of the environment variable ${name} is not text without zero bytes`);
    bytes += name.length + Buffer.byteLength(value) + 2;
  }
  if (bytes > maxBytes)
    throw invalidOptions(provider, `The environment is too large: ${bytes} bytes (at most ${maxBytes})`);
}
