import type { RunSummary } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { Secret } from "@glovebox/core/provider";
import { LoginStore } from "../login/login-store.ts";
import { readProjectSecrets } from "../plan/sandbox-env.ts";
import type { Terminal } from "../terminal.ts";

const secretName = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL/i;
/** Shorter values are words like any other. */
const shortest = 8;

export interface HostSecretsOptions {
  readonly run: RunSummary;
  readonly harness: Harness;
  readonly terminal: Terminal;
  /** The state directory. */
  readonly home: string;
}

/** The secrets of this host that may have come into a run. */
export interface HostSecrets {
  readonly secrets: readonly Secret[];
  /** The names of the run's secrets whose values this host does not have any more. */
  readonly missing: readonly string[];
}

/** Looks the values up where a run takes them from: the environment, the saved logins, and the project's `.env`. */
export async function hostSecrets({ run, harness, terminal, home }: HostSecretsOptions): Promise<HostSecrets> {
  const { env, cwd } = terminal;
  const ofRun = run.secretNames ?? [];
  const names = new Set([...ofRun, ...harness.credentials.map(({ variable }) => variable)]);
  const project = await readProjectSecrets(run.workspace ?? cwd, [...names]);
  const ofEnv = Object.entries(env).filter(([name]) => names.has(name) || secretName.test(name));
  const pairs = [...ofEnv, ...Object.entries(project.values), ...(await savedLogins(home, terminal))];
  const secrets = pairs.flatMap(([name, value]) =>
    value !== undefined && value.length >= shortest ? [new Secret(name, value)] : [],
  );
  const known = new Set(secrets.map(({ name }) => name));
  return { secrets, missing: ofRun.filter((name) => !known.has(name)) };
}

async function savedLogins(home: string, { env }: Terminal): Promise<readonly (readonly [string, string])[]> {
  const store = new LoginStore({ home, env });
  const logins = await Promise.all(store.list().map(({ profile }) => store.secretOf(profile).catch(() => undefined)));
  return logins.flatMap((login) => (login?.secret === undefined ? [] : [[login.variable, login.secret] as const]));
}
