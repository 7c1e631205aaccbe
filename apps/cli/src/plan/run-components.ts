import type { ComponentPlan } from "@glovebox/components";
import type { CredentialSource, RunNetwork, RunSpec } from "@glovebox/core";
import { assertPlaces, type Harness } from "@glovebox/core/harness";
import { namedComponents } from "../components/component-options.ts";
import type { ResolvedComponents } from "../components/resolve-components.ts";
import type { UserConfig } from "../config/user-config.ts";
import { type PluginManifest, pluginSecrets } from "../plugins/plugin-manifests.ts";
import { OwnSecrets, secretSettings } from "./own-secrets.ts";
import type { ResolveRunInput } from "./run-plan.ts";
import type { SandboxEnv } from "./sandbox-env.ts";

interface PlanContext {
  readonly harness: Harness;
  readonly user: UserConfig;
  readonly home: string;
  readonly workspace: string | undefined;
}

/** Plans the named components, if the harness has a place for each. The code that reads and fetches them is loaded only when some are named. */
export async function planComponents(
  { options, terminal, directory }: ResolveRunInput,
  { harness, ...known }: PlanContext,
): Promise<ComponentPlan | undefined> {
  const named = Object.entries(namedComponents(options)).flatMap(([kind, names]) => (names.length === 0 ? [] : [kind]));
  if (named.length === 0) return undefined;
  assertPlaces(harness, named);
  const { planRunComponents } = await import("../components/plan-run-components.ts");
  return await planRunComponents({ ...known, options, directory, env: terminal.env });
}

export interface RunComponentsContext {
  readonly plan: ComponentPlan | undefined;
  readonly harness: Harness;
  /** What the run may reach without its components. */
  readonly network: RunNetwork;
  readonly sandbox: SandboxEnv;
  /** Variables of `--credential`. */
  readonly heldOutside: readonly string[];
  readonly credential: RunSpec["credential"];
  readonly user: UserConfig;
  readonly manifests: readonly PluginManifest[];
  /** Secrets of plugins that were given as flags. */
  readonly pluginSources: readonly CredentialSource[];
}

/** Resolves what the planned components need; `undefined` when there are none. */
export async function resolveRunComponents(
  input: ResolveRunInput,
  { plan, harness, network, sandbox, heldOutside, credential, user, manifests, pluginSources }: RunComponentsContext,
): Promise<ResolvedComponents | undefined> {
  if (plan === undefined) return undefined;
  const { options, terminal } = input;
  const { resolveComponents } = await import("../components/resolve-components.ts");
  return await resolveComponents({
    plan,
    harness,
    network,
    passed: sandbox.env,
    sources: [sandbox.sources.flags, sandbox.sources.files],
    own: { name: "your environment", values: terminal.env },
    heldOutside,
    ownSecrets: new OwnSecrets({
      env: terminal.env,
      variables: [...harness.credentials.map(({ variable }) => variable), ...pluginSecrets(manifests)],
      values: [
        credential.secret?.reveal() ?? "",
        ...pluginSources.flatMap(({ values }) => Object.values(values).map((value) => value ?? "")),
        ...(network.credentials ?? []).map(({ secret }) => secret.reveal()),
        ...secretSettings(user.providers),
      ],
    }),
    isLook: options.dryRun ?? false,
    consent: input.consentToGive ?? (async () => false),
    askTrust: input.askTrust,
    askValue: input.askValue ?? (async () => undefined),
  });
}
