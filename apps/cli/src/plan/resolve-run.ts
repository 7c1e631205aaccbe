import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { ComponentPlan } from "@glovebox/components";
import { newRunId } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { mergeEnvironment, runSettings } from "@glovebox/core/run-settings";
import { outsideVariables } from "../components/component-values.ts";
import type { ResolvedComponents } from "../components/resolve-components.ts";
import { type LoadedProvider, loadRunHarness, loadRunProvider, providerSecrets } from "../config/plugins.ts";
import { LoginStore } from "../login/login-store.ts";
import { parseNetworkWishes } from "../network/network-wishes.ts";
import { type ResolvedNetwork, resolveNetwork } from "../network/resolve-network.ts";
import { readNotifySettings } from "../notify/notify-settings.ts";
import { PluginFlags } from "../plugins/plugin-flags.ts";
import { readPluginManifests } from "../plugins/plugin-manifests.ts";
import { remedyFlags } from "../print/describe-remedy.ts";
import { buildDevContainer } from "../templates/build-dev-container.ts";
import { baseFor, findRunTemplate, type RunTemplate } from "../templates/run-template.ts";
import { planComponents, resolveRunComponents } from "./run-components.ts";
import { credentialWarnings, findRunCredential } from "./run-credential.ts";
import type { ResolveRunInput, RunAnswers, RunCredential, RunPlan } from "./run-plan.ts";
import { type RunSources, readRunSources } from "./run-sources.ts";
import { readSandboxEnv, type SandboxEnv } from "./sandbox-env.ts";
import { settingsOfSpec } from "./settings-of-spec.ts";

/**
 * Makes a run's plan from the flags, the environment and the configuration files. Reads files of the user and the project;
 * contacts nothing but the sources of its components.
 */
export async function resolveRun(input: ResolveRunInput): Promise<RunPlan> {
  const { options, terminal, directory } = input;
  const sources = await readRunSources(input);
  const { settings, user, home } = sources;
  const notify = await readNotifySettings(settings, { env: input.terminal.env, directory });
  const manifests = readPluginManifests(home);
  const flags = new PluginFlags(manifests);
  const wishes = parseNetworkWishes(settings.network ?? runSettings.network.default, options, user);
  const workspace = workspaceOf(input);
  const template = await findRunTemplate(options, { user, home, directory });
  const { harnessVersions: versions } = template;
  const harness = await loadRunHarness({ options, user, home, directory, versions });
  const heldOutside = wishes.credentials.map(({ variable }) => variable);
  const first = await sandboxEnvOf(input, sources, harness, heldOutside);
  const { env } = terminal;
  const placesOf = (from: SandboxEnv) => [
    from.sources.flags,
    { name: "your environment", values: env },
    from.sources.files,
  ];
  const loaded = await loadRunProvider({
    ...{ options, user, home, directory, consent: input.consent, sources: placesOf(first) },
  });
  const pluginSources = flags.sources(options);
  const logins = new LoginStore({ home, env });
  const { profile } = settings;
  const found = await findRunCredential(input, {
    harness,
    user,
    logins,
    profile,
    pluginSources,
    sources: first.sources,
  });
  const answered = withAnswers(input, await input.ask?.(loaded.setUp));
  const plan = await planComponents(answered, { harness, user, home, workspace });
  // What components keep outside stays outside the sandbox too.
  const sandbox =
    plan === undefined
      ? first
      : await sandboxEnvOf(input, sources, harness, [...heldOutside, ...outsideVariables(plan)]);
  const reach = await resolveNetwork({
    ...{ wishes, sources: placesOf(sandbox), env, home, workspace, ask: input.askTrust },
  });
  const { network } = reach;
  const { credential } = found;
  const components = await resolveRunComponents(answered, {
    ...{ plan, harness, network, sandbox, heldOutside, credential, user, manifests, pluginSources },
  });
  const pluginWarnings = flags.warnings(options);
  return planOf(answered, {
    ...{ sources, template, plan, harness, sandbox, workspace, loaded, found, reach, components, pluginWarnings },
    notify,
  });
}

function withAnswers(input: ResolveRunInput, { prompt, agents = [] }: RunAnswers = {}): ResolveRunInput {
  const { options } = input;
  return {
    ...input,
    ...(prompt === undefined ? {} : { prompt }),
    ...(agents.length === 0 ? {} : { options: { ...options, agent: [...(options.agent ?? []), ...agents] } }),
  };
}

interface Parts {
  readonly sources: RunSources;
  readonly template: RunTemplate;
  readonly plan: ComponentPlan | undefined;
  readonly harness: Harness;
  readonly sandbox: SandboxEnv;
  readonly workspace: string | undefined;
  readonly loaded: LoadedProvider;
  readonly found: RunCredential;
  readonly reach: ResolvedNetwork;
  readonly components: ResolvedComponents | undefined;
  readonly pluginWarnings: readonly string[];
  readonly notify: RunPlan["notify"];
}

function planOf(input: ResolveRunInput, parts: Parts): RunPlan {
  const { sources, template, plan, harness, sandbox, workspace, loaded, found, reach, components } = parts;
  const { runId = newRunId() } = input;
  return {
    runId,
    setUp: withDevContainer(loaded.setUp, template, sources.home),
    credentialSource: found.source,
    packageEnv: reach.env,
    components: plan?.components ?? [],
    refusedRemotes: reach.refusedRemotes,
    notify: parts.notify,
    warnings: [
      ...[sources, sandbox, reach].flatMap(({ warnings }) => warnings),
      ...(components?.warnings ?? []),
      ...credentialWarnings(found, harness, input),
      ...parts.pluginWarnings,
    ],
    spec: {
      ...settingsOfSpec(input, sources, { ...template, base: baseFor(template, loaded.provider) }, runId),
      ...{ provider: loaded.provider, harness, home: sources.home, credential: found.credential },
      ...(workspace === undefined ? {} : { workspace }),
      ...(components === undefined ? {} : { components: components.set }),
      network: components?.network ?? reach.network,
      describeRemedy: (remedy) => remedyFlags(remedy) ?? "",
      env: mergeEnvironment({
        template: template.env,
        packages: reach.env,
        ...sandbox.layers,
        components: components?.env,
      }),
    },
  };
}

/** A dev container that was named by its file is built before the run, as a Dockerfile is. */
function withDevContainer(setUp: RunPlan["setUp"], template: RunTemplate, home: string): RunPlan["setUp"] {
  const { described, isBuilt } = template;
  const devcontainer = isBuilt ? undefined : described?.devcontainer;
  if (devcontainer === undefined) return setUp;
  return async (options) => {
    await setUp(options);
    const { consent, signal } = options;
    const onProgress = ({ message }: { readonly message: string }) => options.onProgress(message);
    await buildDevContainer(devcontainer, { home, consent, onProgress, signal });
  };
}

function workspaceOf({ options, directory }: ResolveRunInput): string | undefined {
  if (options.workspace === undefined) return undefined;
  const path = resolve(directory, options.workspace);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidOptionsError(`--workspace: ${path} is not a directory`);
  }
  return path;
}

async function sandboxEnvOf(
  { options, terminal, directory }: ResolveRunInput,
  { user, home }: RunSources,
  harness: Harness,
  pending: readonly string[],
): Promise<SandboxEnv> {
  return await readSandboxEnv({
    assignments: options.env ?? [],
    files: options.envFile ?? [],
    configured: user.env ?? {},
    harness,
    pending: [...providerSecrets({ options, user, home, directory }), ...pending],
    env: terminal.env,
    directory,
  });
}
