import type { LoginProgram } from "@glovebox/core/harness";
import { readTextStream } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { formatDuration, safeName } from "@glovebox/core/text";
import { loadRunHarness } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { createValueQuestion } from "../consent.ts";
import { canAsk, type Terminal } from "../terminal.ts";
import { credentialVariable } from "./credential-variable.ts";
import { unnamedProfile } from "./login-source.ts";
import { LoginStore } from "./login-store.ts";
import { saveProgramLogin } from "./save-program-login.ts";

export interface LoginOptions {
  readonly profile?: string;
  readonly as?: string;
  /** The program of this host whose login is used. */
  readonly from?: LoginProgram;
  readonly file?: boolean;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly harness?: string;
}

const mostBytes = 64 * 1024;

/** `glovebox login`. */
export async function saveLogin(options: LoginOptions, terminal: Terminal): Promise<number> {
  const { env, cwd, stdout, stderr } = terminal;
  const home = stateDirectory(env);
  const store = new LoginStore({ home, env });
  if (options.list) return listLogins(store, options, terminal);
  const { config: user } = await loadUserConfig(home);
  const harness = await loadRunHarness({ options, user, home, directory: cwd });
  if (options.from !== undefined) return await saveProgramLogin(options.from, { options, harness, store, terminal });
  const secret = await readSecret(options, harness.credentialHint, terminal);
  const variable = credentialVariable(harness, secret, options.as);
  const profile = options.profile ?? unnamedProfile(store, harness);
  const { login, place, problem } = await store.save(profile, { variable, secret }, { inFile: options.file ?? false });
  if (options.json) stdout.json(login);
  else stdout.line(`Saved ${variable} as the login ${profile} in ${safeName(place)}`);
  if (problem !== undefined) stderr.line(`warning: The system's keychain was not used: ${problem}`);
  const first = harness.credentials.find((spec) => env[spec.variable]);
  if (first !== undefined && options.profile === undefined) {
    stderr.line(`warning: ${first.variable} is set in your environment, and is used instead unless you pass --profile`);
  }
  return 0;
}

/** From a terminal without showing it, or from standard input: never from the command line. */
async function readSecret(options: LoginOptions, hint: string | undefined, terminal: Terminal): Promise<string> {
  const { stdin } = terminal;
  if (!stdin.isTTY) {
    return checked(await readTextStream(stdin, "The credential on standard input", { maxBytes: mostBytes }));
  }
  if (!canAsk(terminal) || options.json) {
    throw new InvalidOptionsError("No credential was entered: nobody can be asked here", {
      hint: "Give it on standard input: glovebox login < FILE",
    });
  }
  if (hint !== undefined) terminal.stderr.line(hint);
  const ask = createValueQuestion(terminal, {});
  return checked((await ask("The token, or an API key")) ?? "");
}

function checked(text: string): string {
  const secret = text.trim();
  if (secret !== "") return secret;
  throw new InvalidOptionsError("No credential was entered", {
    hint: "Give it on standard input, or type it when asked.",
  });
}

function listLogins(store: LoginStore, { json }: LoginOptions, { stdout, stderr }: Terminal): number {
  const logins = store.list();
  if (json) for (const login of logins) stdout.json(login);
  else if (logins.length === 0) stderr.line("No login is saved. Save one: glovebox login");
  else {
    const rows = logins.map(({ profile, variable, savedAt, keptIn }) => {
      const age = formatDuration(Math.max(0, Date.now() - Date.parse(savedAt)));
      return [profile, variable, `${age} ago`, keptIn === "file" ? store.file : keptIn];
    });
    stdout.table(["PROFILE", "CREDENTIAL", "SAVED", "KEPT IN"], rows);
  }
  return 0;
}
