import { SandboxAuthenticationError } from "@glovebox/core/provider";
import type { FoundLogin, LoginStore } from "./login-store.ts";
import { defaultProfile } from "./profile-name.ts";

/** A saved login, and how it is called in messages. */
export type LoginSource = FoundLogin & { readonly name: string };

/**
 * The saved login for a run: that of the named profile, or else of the default one, or of the only one there is.
 * `undefined` when nothing is saved. Throws `authentication` for a named profile that does not exist.
 */
export async function loginSource(store: LoginStore, named: string | undefined): Promise<LoginSource | undefined> {
  const profiles = store.list().map(({ profile }) => profile);
  if (named !== undefined && !profiles.includes(named)) {
    const known = profiles.length === 0 ? "" : ` There are ${profiles.join(", ")}.`;
    throw new SandboxAuthenticationError(`There is no login ${named}`, {
      hint: `Save one: \`glovebox login --profile ${named}\`.${known}`,
    });
  }
  const profile = named ?? (profiles.length === 1 ? profiles[0] : profiles.find((one) => one === defaultProfile));
  const found = profile === undefined ? undefined : await store.secretOf(profile);
  if (found === undefined) return undefined;
  return { name: `the login ${profile}`, ...found };
}
