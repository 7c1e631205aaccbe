import { SandboxAuthenticationError } from "@glovebox/core/provider";
import { allCredentials, type HarnessCredentials } from "./all-credentials.ts";
import type { FoundLogin, LoginStore } from "./login-store.ts";
import { defaultProfile } from "./profile-name.ts";

/** A saved login, and how it is called in messages. */
export type LoginSource = FoundLogin & { readonly name: string };

/**
 * The saved login for a run: that of the named profile, or else, of those that the harness can use, the default one, the only
 * one, or the one that has the harness's name. `undefined` when there is none. Throws `authentication` for a named profile that
 * does not exist.
 */
export async function loginSource(
  store: LoginStore,
  harness: HarnessCredentials,
  named: string | undefined,
): Promise<LoginSource | undefined> {
  const profiles = store.list().map(({ profile }) => profile);
  if (named !== undefined && !profiles.includes(named)) {
    const known = profiles.length === 0 ? "" : ` There are ${profiles.join(", ")}.`;
    throw new SandboxAuthenticationError(`There is no login ${named}`, {
      hint: `Save one: \`glovebox login --profile ${named}\`.${known}`,
    });
  }
  const profile = named ?? usableProfile(store, harness);
  const found = profile === undefined ? undefined : await store.secretOf(profile);
  if (found === undefined) return undefined;
  return { name: `the login ${profile}`, ...found };
}

/** The default profile, the one with the harness's name, or the only one, of those that the harness can use. */
function usableProfile(store: LoginStore, harness: HarnessCredentials): string | undefined {
  const usable = store.list().filter(({ variable }) => usesVariable(harness, variable));
  const profiles = usable.map(({ profile }) => profile);
  return (
    [defaultProfile, harness.id].find((one) => profiles.includes(one)) ??
    (profiles.length === 1 ? profiles[0] : undefined)
  );
}

/**
 * The profile of a login that is saved without a name: the default one, or, where that holds a login of another harness's, one
 * with the name of the harness.
 */
export function unnamedProfile(store: LoginStore, harness: HarnessCredentials): string {
  const saved = store.list().find(({ profile }) => profile === defaultProfile);
  return saved === undefined || usesVariable(harness, saved.variable) ? defaultProfile : harness.id;
}

function usesVariable(harness: HarnessCredentials, variable: string): boolean {
  return allCredentials(harness).some((spec) => spec.variable === variable);
}
