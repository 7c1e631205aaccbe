import { type CredentialSource, checkUpstream, findCredential, modelUpstream } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { SandboxAuthenticationError } from "@glovebox/core/provider";
import type { UserConfig } from "../config/user-config.ts";
import { loginSource } from "../login/login-source.ts";
import type { LoginStore } from "../login/login-store.ts";
import { missingCredential, otherCloud } from "./credential.ts";
import type { ResolveRunInput, RunCredential } from "./run-plan.ts";
import { projectSecrets, readProjectSecrets, type SandboxEnv } from "./sandbox-env.ts";

/**
 * Finds the model's credential: in the flags and `--env`, in the login that `profile` names, in the user's environment,
 * `--env-file` and the configuration, in the login that is saved, then in the project's `.env`.
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
  const trusted =
    profile === undefined
      ? (findCredential(harness, [...flags, ...rest]) ?? (await fromLogin(harness, logins, undefined)))
      : (findCredential(harness, flags) ?? (await fromLogin(harness, logins, profile)));
  const project = trusted === undefined ? await readProjectSecrets(directory, names) : undefined;
  const found = trusted ?? (project === undefined ? undefined : findCredential(harness, [project]));
  if (found === undefined) {
    if (input.fallbackCredential === undefined) throw missingCredential(harness, terminal.env, project?.unusable);
    return await input.fallbackCredential(harness);
  }
  // A project's own base URL is ignored: the key would be sent there.
  const upstream = modelUpstream(harness, found.spec, terminal.env) ?? checkUpstream("upstream", from.user.upstream);
  return {
    credential: {
      variable: found.spec.variable,
      secret: found.secret,
      ...(upstream === undefined ? {} : { upstream }),
    },
    source: found.source,
  };
}

/** A keychain is asked only here: it may ask the user in turn. */
async function fromLogin(harness: Harness, logins: LoginStore, profile: string | undefined) {
  const source = await loginSource(logins, profile);
  const found = source === undefined ? undefined : findCredential(harness, [source]);
  if (profile === undefined || found !== undefined) return found;
  const [variable] = Object.keys(source?.values ?? {});
  throw new SandboxAuthenticationError(`The login ${profile} is ${variable}, which ${harness.id} does not use`);
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
