import { InvalidOptionsError } from "../errors/index.ts";
import type { CredentialSpec, Harness } from "../harness/harness.ts";
import { Secret } from "../provider/secret.ts";

/** A place that may hold a credential. */
export interface CredentialSource {
  /** As it is called in messages: `your environment`. */
  readonly name: string;
  readonly values: Readonly<Record<string, string | undefined>>;
}

/** A credential that `findCredential` found, and the source that held it. */
export interface FoundCredential {
  readonly spec: CredentialSpec;
  readonly secret: Secret;
  /** The name of the source that held it. */
  readonly source: string;
}

/**
 * Returns the first of the harness's credentials in the first source that has one; list the most trusted source first.
 * Throws `invalid-options` for a value that no HTTP header can carry. The value itself is never part of a message.
 */
export function findCredential(harness: Harness, sources: readonly CredentialSource[]): FoundCredential | undefined {
  for (const source of sources) {
    for (const spec of harness.credentials) {
      const value = source.values[spec.variable]?.trim();
      if (!value) continue;
      if (/[^\x21-\x7e]/.test(value)) {
        throw new InvalidOptionsError(
          `${spec.variable} from ${source.name} holds a space or another character that no key has`,
          { hint: "Set it again: something else was copied with it." },
        );
      }
      return { spec, secret: new Secret(spec.variable, value), source: source.name };
    }
  }
  return undefined;
}
