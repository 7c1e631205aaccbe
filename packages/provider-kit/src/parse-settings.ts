import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import type { z } from "zod";
import type { ProviderIdentity } from "./provider-identity.ts";

/** What a schema makes of settings: an optional one that was not given is absent, never `undefined`. */
export type ParsedSettings<Schema extends z.ZodObject> = {
  readonly [Name in keyof z.output<Schema>]: Exclude<z.output<Schema>[Name], undefined>;
};

/**
 * The settings as the schema makes them; keys that it does not know, and what it does not accept, are `invalid-options`.
 * The error names the setting and never repeats its value: it may be a secret.
 */
export function parseSettings<Schema extends z.ZodObject>(
  provider: ProviderIdentity,
  schema: Schema,
  settings: unknown,
): ParsedSettings<Schema> {
  const parsed = schema.strict().safeParse(settings);
  // The schema is a type parameter here, so that the compiler cannot follow which keys are optional.
  if (parsed.success) return dropUndefined(parsed.data) as ParsedSettings<Schema>;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  throw new InvalidOptionsError(`Invalid settings of the ${provider.name} provider: ${problems.join("; ")}`, {
    providerId: provider.id,
    hint: `See the settings in the README of the ${provider.name} provider.`,
  });
}
