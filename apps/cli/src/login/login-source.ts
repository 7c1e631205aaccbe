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
  const usable = store.list().filter(({ variable }) => usesVariable(harness, variable));
  const [profile = usable.length === 1 ? usable[0]?.profile : undefined] = [named, defaultProfile, harness.id].filter(
    (one) => one !== undefined && (one === named || usable.some(({ profile }) => profile === one)),
  );
  const found = profile === undefined ? undefined : await store.secretOf(profile);
  if (found === undefined) return undefined;
  return { name: `the login ${profile}`, ...found };
}

/**
 * The profile of a login that is saved without a name: the default one, or, where that holds a login of another harness's, one
 * with the name of the harness.
 */
export function unnamedProfile(store: LoginStore, harness: HarnessCredentials): string {
  const standing = store.list().find(({ profile }) => profile === defaultProfile);
  return standing === undefined || usesVariable(harness, standing.variable) ? defaultProfile : harness.id;
}

function usesVariable(harness: HarnessCredentials, variable: string): boolean {
  return allCredentials(harness).some((spec) => spec.variable === variable);
}
