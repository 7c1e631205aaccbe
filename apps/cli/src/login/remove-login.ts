import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import type { Terminal } from "../terminal.ts";
import { LoginStore } from "./login-store.ts";
import { defaultProfile } from "./profile-name.ts";

export interface LogoutOptions {
  readonly profile?: string;
  readonly all?: boolean;
}

/** `glovebox logout`. */
export async function removeLogin(options: LogoutOptions, { env, stdout, stderr }: Terminal): Promise<number> {
  if (options.all && options.profile !== undefined) {
    throw new InvalidOptionsError("--all cannot be used with --profile");
  }
  const store = new LoginStore({ home: stateDirectory(env), env });
  const saved = store.list().map(({ profile }) => profile);
  const profiles = options.all
    ? saved
    : [options.profile ?? (saved.length === 1 ? saved[0] : undefined) ?? defaultProfile];
  if (saved.length === 0) {
    stderr.line("No login is saved.");
    return 0;
  }
  for (const profile of profiles) {
    if (!(await store.remove(profile))) {
      throw new InvalidOptionsError(`There is no login ${profile}`, { hint: `There are ${saved.join(", ")}.` });
    }
    stdout.line(`Removed the login ${profile}`);
  }
  return 0;
}
