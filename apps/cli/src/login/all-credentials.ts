import type { CredentialSpec, Harness } from "@glovebox/core/harness";

/** The credentials that a harness can use: those of variables, then those that only a program's login gives. */
export function allCredentials({ credentials, logins = [] }: Harness): readonly CredentialSpec[] {
  return [...credentials, ...logins];
}
