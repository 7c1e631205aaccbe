import { type CredentialSource, checkUpstream, findCredential, modelUpstream } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import type { UserConfig } from "../config/user-config.ts";
import { missingCredential, otherCloud } from "./credential.ts";
import type { ResolveRunInput, RunCredential } from "./run-plan.ts";
import { projectSecrets, readProjectSecrets, type SandboxEnv } from "./sandbox-env.ts";

/**
 * Finds the model's credential: in the flags, `--env`, the user's environment, `--env-file` and the configuration, then in the
 * project's `.env`.
 */
export async function findRunCredential(
  input: ResolveRunInput,
  from: {
    readonly harness: Harness;
    readonly user: UserConfig;
    readonly pluginSources: readonly CredentialSource[];
    readonly sources: SandboxEnv["sources"];
  },
): Promise<RunCredential> {
  const { terminal, directory } = input;
  const { harness } = from;
  if (input.fallbackCredential !== undefined && input.preferFallback) return await input.fallbackCredential(harness);
  const names = harness.credentials.map((spec) => spec.variable);
  const trusted = findCredential(harness, [
    ...from.pluginSources,
    from.sources.flags,
    { name: "your environment", values: terminal.env },
    from.sources.files,
  ]);
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
