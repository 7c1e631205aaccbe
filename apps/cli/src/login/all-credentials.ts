import type { CredentialSpec, Harness } from "@glovebox/core/harness";

/** What the credentials of a harness are read from. */
export type HarnessCredentials = Pick<Harness, "id" | "credentials" | "logins">;

/** The credentials that a harness can use: those of variables, then those that only a program's login gives. */
export function allCredentials({ credentials, logins = [] }: HarnessCredentials): readonly CredentialSpec[] {
  return [...credentials, ...logins];
}
