import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { ComponentPlan, PlannedComponent } from "@glovebox/components";
import { defaultIgnores, newRunId, type RunSpec } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError, type TemplateBase } from "@glovebox/core/provider";
import { namedComponents } from "../components/component-options.ts";
import { outsideVariables } from "../components/component-values.ts";
import { resolveComponents } from "../components/resolve-components.ts";
import type { Terminal } from "../terminal.ts";
import { parseLabel, parsePair } from "./assignments.ts";
import { type FoundCredential, findCredential, missingCredential, otherCloud } from "./credential.ts";
import { homeFolder } from "./home-folder.ts";
import { collectLimitsOf, type Limits, resolveLimits, resourcesOf } from "./limits.ts";
import { parseMount } from "./mount-option.ts";
import { parseNetworkWishes } from "./network-wishes.ts";
import { e2bKeyVariable, loadRunHarness, loadRunProvider, providerName } from "./plugins.ts";
import { loadProjectConfig } from "./project-config.ts";
import { resolveNetwork } from "./resolve-network.ts";
import { projectSecrets, type RunEnv, readProjectSecrets, readRunEnv, visibleSecret } from "./run-env.ts";
import type { RunOptions } from "./run-options.ts";
import { loadUserConfig, type UserConfig } from "./user-config.ts";

/** A run as the command line, the environment and the configuration together describe it. */
export interface RunPlan {
  readonly runId: string;
  readonly spec: RunSpec;
  /** The engine's address, where the configuration names one. */
  readonly engineHost?: string;
  /** Where the credential was found. */
  readonly credentialSource: string;
  /** The variables among the sandbox's own that make its package managers use the user's registries. */
  readonly packageEnv: Readonly<Record<string, string>>;
  /** The hosts of the workspace's git remotes that stay out of reach. */
  readonly refusedRemotes: readonly string[];
  /** The components that are installed, with what each asks for. */
  readonly components: readonly PlannedComponent[];
  /** What the person should know before it starts. */
  readonly warnings: readonly string[];
}

export interface ResolveRunInput {
  readonly prompt: string;
  readonly options: RunOptions;
  readonly extraArgs: readonly string[];
  readonly terminal: Terminal;
  /** Where the person stands. */
  readonly directory: string;
  /** Asked before anything is installed on this host. */
  readonly consent: (question: string) => Promise<boolean>;
  /** Asks whether a git host may be reached; `undefined` when nobody is there to answer. Without it nobody is asked. */
  readonly askTrust?: (question: string) => Promise<boolean | undefined>;
  /** Asked before a value of the person's environment is given to a component; without it none is. */
  readonly consentToGive?: (question: string) => Promise<boolean>;
  /** Asks for a value that a component needs; `undefined` when nobody is there to answer. */
  readonly askValue?: (question: string) => Promise<string | undefined>;
  /** What to use when no credential is found; without it that is an error. */
  readonly standIn?: (harness: Harness) => Promise<RunCredential>;
  /** Takes the stand-in without looking for a credential. */
  readonly preferStandIn?: boolean;
}

/** A credential as a run takes it, and where it came from. */
export interface RunCredential {
  readonly credential: RunSpec["credential"];
  readonly source: string;
}

/** Puts a run together. Reads files of the person and the project; contacts nothing but the sources of its components. */
export async function resolveRun(input: ResolveRunInput): Promise<RunPlan> {
  const { options, terminal, directory } = input;
  const home = homeFolder(terminal.env);
  const { config: user, warnings: userWarnings } = await loadUserConfig(home);
  const project = await loadProjectConfig(directory);
  const { limits, warnings: limitWarnings } = resolveLimits(options, user, project);
  if (limits.lease !== undefined && limits.lease < 10_000) throw new InvalidOptionsError("--lease is at least 10s");
  const wishes = parseNetworkWishes(options, user, project);
  const workspace = workspaceOf(options, directory);
  const plan = await planComponents(input, { user, home, workspace });
  const harness = await loadRunHarness({ options, user, home, directory });
  const sandbox = await readRunEnv({
    assignments: options.env ?? [],
    files: options.envFile ?? [],
    configured: user.env ?? {},
    harness,
    held: [
      ...(providerName(options, user) === "e2b" ? [e2bKeyVariable] : []),
      ...wishes.credentials.map(({ variable }) => variable),
      ...(plan === undefined ? [] : outsideVariables(plan)),
    ],
    env: terminal.env,
    directory,
  });
  const { provider, engineHost } = await loadRunProvider({
    options,
    user,
    home,
    directory,
    consent: input.consent,
    sources: [sandbox.sources.flags, { name: "your environment", values: terminal.env }, sandbox.sources.files],
  });
  const { credential, source } = await credentialOf(input, { harness, user, sources: sandbox.sources });
  const runId = newRunId();
  const model = options.model ?? project.model ?? user.model;
  const { network: reached, ...reach } = await resolveNetwork({
    wishes,
    sources: [sandbox.sources.flags, { name: "your environment", values: terminal.env }, sandbox.sources.files],
    env: terminal.env,
    home,
    workspace,
    ask: input.askTrust,
  });
  const components =
    plan === undefined
      ? undefined
      : await resolveComponents({
          plan,
          harness,
          network: reached,
          given: sandbox.env,
          sources: [sandbox.sources.flags, sandbox.sources.files],
          own: { name: "your environment", values: terminal.env },
          isLook: options.dryRun ?? false,
          consent: input.consentToGive ?? (async () => false),
          askTrust: input.askTrust,
          askValue: input.askValue ?? (async () => undefined),
        });
  return {
    runId,
    ...(engineHost === undefined ? {} : { engineHost }),
    credentialSource: source,
    packageEnv: reach.env,
    components: plan?.components ?? [],
    refusedRemotes: reach.refusedRemotes,
    warnings: [
      ...userWarnings,
      ...limitWarnings,
      ...sandbox.warnings,
      ...reach.warnings,
      ...(components?.warnings ?? []),
      ...credentialWarnings({ credential, source }, harness, input),
    ],
    spec: {
      provider,
      harness,
      home,
      task: {
        prompt: input.prompt,
        ...taskOf(options, user, limits),
        ...(model === undefined ? {} : { model }),
        ...(input.extraArgs.length === 0 ? {} : { extraArgs: input.extraArgs }),
      },
      credential,
      base: baseOf(options, user, directory),
      outputDir: resolve(directory, options.output ?? `sandbox-${runId}`),
      network: components?.network ?? reached,
      env: { ...reach.env, ...sandbox.env, ...components?.env },
      ...(components === undefined ? {} : { components: components.set }),
      labels: { ...user.labels, ...Object.fromEntries((options.label ?? []).map(parseLabel)) },
      resources: resourcesOf(limits),
      mounts: [...(user.mounts ?? []), ...(options.mount ?? [])].map((text) => parseMount(text, directory)),
      rootInside: options.rootInside ?? user.rootInside ?? false,
      ignore: [...defaultIgnores, ...(user.ignore ?? []), ...(project.ignore ?? []), ...(options.ignore ?? [])],
      keep: options.keep ?? false,
      ...(workspace === undefined ? {} : { workspace }),
      ...(limits.maxCostUsd === undefined ? {} : { maxCostUsd: limits.maxCostUsd }),
      ...(user.prices === undefined ? {} : { prices: user.prices }),
      ...(limits.timeout === undefined ? {} : { timeoutMs: limits.timeout }),
      ...(limits.idleTimeout === undefined ? {} : { idleTimeoutMs: limits.idleTimeout }),
      ...(limits.lease === undefined ? {} : { leaseMs: limits.lease }),
      limits: collectLimitsOf(limits),
    },
  };
}

/** What reads and fetches components is loaded where some are named. */
async function planComponents(
  { options, terminal, directory }: ResolveRunInput,
  known: { readonly user: UserConfig; readonly home: string; readonly workspace: string | undefined },
): Promise<ComponentPlan | undefined> {
  if (Object.values(namedComponents(options)).every((names) => names.length === 0)) return undefined;
  const { planRunComponents } = await import("../components/plan-run-components.ts");
  return await planRunComponents({ ...known, options, directory, env: terminal.env });
}

async function credentialOf(
  input: ResolveRunInput,
  from: { readonly harness: Harness; readonly user: UserConfig; readonly sources: RunEnv["sources"] },
): Promise<RunCredential> {
  const { options, terminal, directory } = input;
  const { harness } = from;
  if (input.standIn !== undefined && input.preferStandIn) return await input.standIn(harness);
  const names = harness.credentials.map((spec) => spec.variable);
  const found =
    findCredential(harness, [
      { name: "--anthropic-api-key", values: { ANTHROPIC_API_KEY: options.anthropicApiKey } },
      from.sources.flags,
      { name: "your environment", values: terminal.env },
      from.sources.files,
    ]) ?? findCredential(harness, [await readProjectSecrets(directory, names)]);
  if (found === undefined) {
    if (input.standIn === undefined) throw missingCredential(harness, terminal.env);
    return await input.standIn(harness);
  }
  const upstream = upstreamOf(harness, found, terminal) ?? checkedUpstream("upstream", from.user.upstream);
  return {
    credential: {
      variable: found.spec.variable,
      secret: found.secret,
      ...(upstream === undefined ? {} : { upstream }),
    },
    source: found.source,
  };
}

function credentialWarnings(
  { credential, source }: RunCredential,
  harness: Harness,
  { options, terminal }: ResolveRunInput,
): string[] {
  const { variable } = credential;
  const other = otherCloud(harness, terminal.env);
  return [
    ...(source === projectSecrets ? [`${variable} is the project's own, from its .env`] : []),
    ...(options.anthropicApiKey === undefined ? [] : [visibleSecret("--anthropic-api-key", "ANTHROPIC_API_KEY")]),
    ...(options.e2bApiKey === undefined ? [] : [visibleSecret("--e2b-api-key", e2bKeyVariable)]),
    ...(other === undefined ? [] : [`${other.variable} is set, but this run uses ${variable} and not ${other.cloud}`]),
  ];
}

/** The host's own base URL. A project's is never looked at: it would be sent the key. */
function upstreamOf(harness: Harness, found: FoundCredential, { env }: Terminal): string | undefined {
  const endpoint = harness.endpoints.find((candidate) => candidate.id === found.spec.endpointId);
  return endpoint === undefined
    ? undefined
    : checkedUpstream(endpoint.baseUrlVariable, env[endpoint.baseUrlVariable]?.trim());
}

/** What may be a secret in an address is neither used nor repeated. */
function checkedUpstream(name: string, url: string | undefined): string | undefined {
  if (!url) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new InvalidOptionsError(`${name} is not an http or https URL`);
  }
  if (parsed.username !== "" || parsed.password !== "" || parsed.search !== "" || parsed.hash !== "") {
    throw new InvalidOptionsError(`${name} holds more than an address`, {
      hint: "Give it as https://host or https://host/base, without a user, a password or a query.",
    });
  }
  return url;
}

function workspaceOf(options: RunOptions, directory: string): string | undefined {
  if (options.workspace === undefined) return undefined;
  const path = resolve(directory, options.workspace);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InvalidOptionsError(`--workspace: ${path} is not a folder`);
  }
  return path;
}

type BaseOptions = Pick<RunOptions, "image" | "template" | "dockerfile" | "buildArg">;

/** What the sandbox starts from: the options, else the configuration. */
export function baseOf(options: BaseOptions, user: UserConfig, directory: string): TemplateBase {
  const named = options.image ?? options.template;
  if (options.image !== undefined && options.template !== undefined) {
    throw new InvalidOptionsError("--image and --template are one option under two names: give it once");
  }
  const flagged = named !== undefined || options.dockerfile !== undefined;
  const { image, dockerfile } = flagged ? { image: named, dockerfile: options.dockerfile } : user;
  if (image !== undefined && dockerfile !== undefined) {
    throw new InvalidOptionsError("--image and --dockerfile exclude each other");
  }
  const buildArgs = Object.fromEntries((options.buildArg ?? []).map((text) => parsePair("--build-arg", text)));
  if (dockerfile === undefined && Object.keys(buildArgs).length > 0) {
    throw new InvalidOptionsError("--build-arg goes with --dockerfile");
  }
  if (image !== undefined) return { kind: "image", reference: image };
  if (dockerfile === undefined) return { kind: "default" };
  const path = resolve(directory, dockerfile);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new InvalidOptionsError(`--dockerfile: ${path} is not a file`);
  }
  return { kind: "dockerfile", path, buildArgs };
}

function taskOf(options: RunOptions, user: UserConfig, { maxTurns, maxBudgetUsd }: Limits) {
  const allowedTools = options.allowedTools ?? user.allowedTools;
  const appendSystemPrompt = options.appendSystemPrompt ?? user.appendSystemPrompt;
  return {
    ...(maxTurns === undefined ? {} : { maxTurns }),
    ...(maxBudgetUsd === undefined ? {} : { maxBudgetUsd }),
    ...(allowedTools === undefined ? {} : { allowedTools }),
    ...(appendSystemPrompt === undefined ? {} : { appendSystemPrompt }),
  };
}
