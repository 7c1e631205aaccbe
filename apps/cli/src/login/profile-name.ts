import { InvalidOptionsError } from "@glovebox/core/provider";

/** The profile that is meant where none is named. */
export const defaultProfile = "default";

/** A profile's name as it was typed. It gets on command lines of the keychain's own tool. Throws `invalid-options`. */
export function parseProfileName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text)) return text;
  throw new InvalidOptionsError("Expected 1 to 63 letters, digits, dots, dashes and underscores.");
}
