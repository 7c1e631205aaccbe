import { type CredentialSource, checkUpstream, findCredential, modelUpstream } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { dropUndefined, SandboxAuthenticationError } from "@glovebox/core/provider";
import { builtIn } from "../built-in.ts";
import type { UserConfig } from "../config/user-config.ts";
import { allCredentials } from "../login/all-credentials.ts";
import { type LoginSource, loginSource } from "../login/login-source.ts";
import type { LoginStore } from "../login/login-store.ts";
import type { Environment } from "../terminal.ts";
import { missingCredential, otherCloud } from "./credential.ts";
import type { ResolveRunInput, RunCredential } from "./run-plan.ts";
import { projectSecrets, readProjectSecrets, type SandboxEnv } from "./sandbox-env.ts";

/**
 * Finds the model's credential: in the flags and `--env`, in the login that `profile` names, in the cloud that the user's
 * environment chooses, in that environment, `--env-file` and the configuration, in the login that is saved, then in the project's `.env`.
 */
export async function findRunCredential(
  input: ResolveRunInput,
  from: {
    readonly harness: Harness;
    readonly user: UserConfig;
    readonly logins: LoginStore;
    readonly profile: string | undefined;
    readonly pluginSources: readonly CredentialSource[];
    readonly sources: SandboxEnv["sources"];
  },
): Promise<RunCredential> {
  const { terminal, directory } = input;
  const { harness } = from;
  if (input.fallbackCredential !== undefined && input.preferFallback) return await input.fallbackCredential(harness);
  const names = harness.credentials.map((spec) => spec.variable);
  const { logins, profile, sources } = from;
  const flags = [...from.pluginSources, sources.flags];
  const rest = [{ name: "your environment", values: terminal.env }, sources.files];
  const fromFlags = findCredential(harness, flags);
  const cloud = fromFlags === undefined && profile === undefined ? await cloudFor(harness, terminal.env) : undefined;
  if (cloud !== undefined) return cloud;
  const set = fromFlags ?? (profile === undefined ? findCredential(harness, rest) : undefined);
  const login = set === undefined ? await loginFor(harness, logins, profile) : undefined;
  if (login?.from !== undefined) return await programLogin(harness, login, terminal.env);
  const trusted =
    set ?? (login && findCredential(harness, [{ name: login.name, values: { [login.variable]: login.secret } }]));
  const project = trusted === undefined ? await readProjectSecrets(directory, names) : undefined;
  const found = trusted ?? (project === undefined ? undefined : findCredential(harness, [project]));
  if (found === undefined) {
    if (input.fallbackCredential === undefined) {
      const name = input.options.harness ?? from.user.harness;
      throw missingCredential(harness, terminal.env, { name, unusable: project?.unusable });
    }
    return await input.fallbackCredential(harness);
  }
  // A project's own base URL is ignored: the key would be sent there.
  const upstream = modelUpstream(harness, found.spec, terminal.env) ?? configuredUpstream(input, from.user);
  return {
    credential: {
      variable: found.spec.variable,
      secret: found.secret,
      ...(upstream === undefined ? {} : { upstream }),
    },
    source: found.source,
  };
}

/** The cloud that the environment chooses, before any key that is set, as the harness itself does it. */
async function cloudFor(harness: Harness, env: Environment): Promise<RunCredential | undefined> {
  if (harness.clouds === undefined) return undefined;
  const { chosenCloud, cloudCredential } = await import("@glovebox/model-accounts");
  const cloud = chosenCloud(harness.clouds, env);
  if (cloud === undefined) return undefined;
  const { baseUrlVariable = "" } = harness.endpoints.find(({ id }) => id === cloud.endpointId) ?? {};
  const upstream = checkUpstream(baseUrlVariable, env[baseUrlVariable]?.trim());
  return { credential: cloudCredential(cloud, env, { upstream }), source: "your environment" };
}

/** The login that a program of this host keeps. */
async function programLogin(
  harness: Harness,
  { variable, from, name }: Extract<LoginSource, { readonly from: string }>,
  env: Environment,
): Promise<RunCredential> {
  const { loginAccount } = await import("@glovebox/model-accounts");
  const account = loginAccount(from, { env });
  await account.check();
  const spec = allCredentials(harness).find((candidate) => candidate.variable === variable);
  const upstream = spec === undefined ? undefined : modelUpstream(harness, spec, env);
  return { credential: { variable, account, ...dropUndefined({ upstream }) }, source: name };
}

/** The configuration moves the API of its own harness; the key of another one would be sent to a stranger. */
function configuredUpstream({ options }: ResolveRunInput, user: UserConfig): string | undefined {
  const own = user.harness ?? builtIn.harness;
  return (options.harness ?? own) === own ? checkUpstream("upstream", user.upstream) : undefined;
}

/** A keychain is asked only here: it may ask the user in turn. */
async function loginFor(
  harness: Harness,
  logins: LoginStore,
  profile: string | undefined,
): Promise<LoginSource | undefined> {
  const login = await loginSource(logins, harness, profile);
  if (login === undefined || allCredentials(harness).some(({ variable }) => variable === login.variable)) return login;
  if (profile === undefined) return undefined;
  throw new SandboxAuthenticationError(`The login ${profile} is ${login.variable}, which ${harness.id} does not use`);
}

/** What to tell the user about the credential before the run starts. */
export function credentialWarnings(
  { credential, source }: RunCredential,
  harness: Harness,
  { terminal }: ResolveRunInput,
): string[] {
  const { variable } = credential;
  const other = otherCloud(harness, terminal.env);
  return [
    ...(source === projectSecrets ? [`${variable} is the project's own, from its .env`] : []),
    ...(other === undefined ? [] : [`${other.variable} is set, but this run uses ${variable} and not ${other.cloud}`]),
  ];
}
