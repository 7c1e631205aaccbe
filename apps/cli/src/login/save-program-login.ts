import type { Harness, LoginProgram } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Terminal } from "../terminal.ts";
import { allCredentials } from "./all-credentials.ts";
import { unnamedProfile } from "./login-source.ts";
import type { LoginStore } from "./login-store.ts";
import type { LoginOptions } from "./save-login.ts";

/** Saves that runs use the login of a program on this host. The login stays where that program keeps it. */
export async function saveProgramLogin(
  from: LoginProgram,
  context: {
    readonly options: LoginOptions;
    readonly harness: Harness;
    readonly store: LoginStore;
    readonly terminal: Terminal;
  },
): Promise<number> {
  const { options, harness, store, terminal } = context;
  if (options.as !== undefined || options.file) {
    throw new InvalidOptionsError("--from cannot be used with --as or --file: nothing is copied");
  }
  const spec = allCredentials(harness).find(({ login }) => login === from);
  if (spec === undefined) {
    throw new InvalidOptionsError(`${harness.id} does not use the login of ${from}`, {
      hint: "Name the agent that does with --harness.",
    });
  }
  const { loginAccount } = await import("@glovebox/model-accounts");
  const account = loginAccount(from, { env: terminal.env });
  await account.check();
  const profile = options.profile ?? unnamedProfile(store, harness);
  const login = await store.saveProgram(profile, { variable: spec.variable, from });
  if (options.json) terminal.stdout.json(login);
  else terminal.stdout.line(`Runs use ${account.name} as the login ${profile}; it stays where it is`);
  return 0;
}
