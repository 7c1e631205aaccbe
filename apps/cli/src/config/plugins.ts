import { fileURLToPath } from "node:url";
import type { CredentialSource } from "@glovebox/core";
import { BoundedProvider, findPlugin, loadHarness, loadProvider, loadProviderPlugin } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import type { SetupOptions } from "@glovebox/core/plugin";
import {
  type Finding,
  InvalidOptionsError,
  SandboxError,
  type SandboxProvider,
  type TemplateLayer,
} from "@glovebox/core/provider";
import { builtIn } from "../built-in.ts";
import { PluginFlags } from "../plugins/plugin-flags.ts";
import type { PluginKind } from "../plugins/plugin-kind.ts";
import { manifestOf, type PluginManifest, readPluginManifests } from "../plugins/plugin-manifests.ts";
import { knownNames } from "../plugins/plugin-names.ts";
import { resolveFrom } from "../plugins/plugin-places.ts";
import { didYouMean } from "./did-you-mean.ts";
import { offeredHarness } from "./offered-harness.ts";
import type { RunOptions } from "./run-options.ts";
import type { UserConfig } from "./user-config.ts";

export interface LoadedProvider {
  readonly provider: SandboxProvider;
  /** Where its module is, and what it was made with: another process can make it again. */
  readonly module: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Makes this host ready for it: installs and starts what is missing, with consent. Cheap when nothing is. */
  readonly setUp: (options: SetupOptions) => Promise<void>;
  /** What the provider has to say to `glovebox doctor` beside its preflight. */
  readonly diagnose: (layers: readonly TemplateLayer[]) => Promise<readonly Finding[]>;
  /** Rejects, with what to do about it, when this host is not ready for it. Starts nothing. */
  readonly requireSetUp: () => Promise<void>;
}

interface PluginInput<O> {
  readonly options: O;
  readonly user: UserConfig;
  readonly home: string;
  /** The current directory: what a path that was typed starts from. */
  readonly directory: string;
}

/** The options that choose a provider, and those that plugins add. */
export type ProviderChoice = Pick<RunOptions, "provider" | "sandbox"> & Readonly<Record<string, unknown>>;

/** As the options or the configuration name it. */
export function providerName(options: Pick<RunOptions, "provider" | "sandbox">, user: UserConfig): string {
  return options.sandbox ?? options.provider ?? user.provider ?? builtIn.provider;
}

/** The variables that hold secrets of the provider in use: they stay outside its sandboxes. */
export function providerSecrets(input: PluginInput<ProviderChoice>): readonly string[] {
  return secretsOf(locate(input).manifest).map(({ variable }) => variable);
}

/** Loads the provider that the options or the configuration name. Does no I/O but loading its package. */
export async function loadRunProvider(
  input: PluginInput<ProviderChoice> & {
    readonly consent?: (question: string) => Promise<boolean>;
    /** Where its secrets may be, the first that has one wins. A project's own file is not among them. */
    readonly sources?: readonly CredentialSource[];
  },
): Promise<LoadedProvider> {
  const { options, user, home, sources = [], consent } = input;
  const { name, module, manifest, places } = locate(input);
  const flags = new PluginFlags(readPluginManifests(home));
  const settings: Record<string, unknown> = {
    ...user.providers?.[name],
    ...secretSettings(manifest, [...flags.sources(options), ...sources]),
    ...flags.settings(manifest?.name, options, user),
  };
  const host = consent === undefined ? {} : { consent };
  try {
    const plugin = await loadProviderPlugin(name, places);
    const provider = await loadProvider(name, { settings, host, ...places });
    const setUp = async (setup: SetupOptions) => await plugin.setup?.(settings, setup);
    const unasked = { consent: async () => false, onProgress: () => {} };
    return {
      // Not only a run must end where a provider never answers.
      provider: BoundedProvider.of(provider),
      module,
      settings,
      setUp,
      diagnose: async (layers) => (await plugin.diagnose?.(settings, layers)) ?? [],
      requireSetUp: () => setUp({ ...unasked, signal: new AbortController().signal }),
    };
  } catch (error) {
    throw withHint(error, "provider", name, home);
  }
}

/** Loads the harness that the options or the configuration name. Does no I/O but loading its package. */
export async function loadRunHarness(
  input: PluginInput<Pick<RunOptions, "harness">> & {
    /** Exact versions that a template asks for, by the harnesses' names. */
    readonly versions?: Readonly<Record<string, string>>;
  },
): Promise<Harness> {
  const { options, user, home, versions = {} } = input;
  const name = options.harness ?? user.harness ?? builtIn.harness;
  const places = placesOf(input, options.harness);
  const { plugin, settings: selecting } = offeredHarness(name, { ...places, home });
  const version = versions[name];
  const settings = {
    ...user.harnesses?.[plugin],
    ...selecting,
    ...(plugin === name ? {} : user.harnesses?.[name]),
    ...(version === undefined ? {} : { version }),
  };
  return await loadHarness(plugin, { settings, ...places }).catch((error: unknown) => {
    throw withHint(error, "harness", name, home);
  });
}

/** Finds the package of the provider without running its code. */
function locate(input: PluginInput<ProviderChoice>) {
  const { options, user, home } = input;
  const { provider, sandbox } = options;
  if (provider !== undefined && sandbox !== undefined && provider !== sandbox) {
    throw new InvalidOptionsError(`--provider ${provider} and --sandbox ${sandbox} contradict each other`, {
      hint: "They are two names of one option: pass it once.",
    });
  }
  const name = providerName(options, user);
  const places = placesOf(input, sandbox ?? provider);
  try {
    const module = findPlugin("provider", name, places);
    return { name, module, manifest: manifestOf(fileURLToPath(module)), places };
  } catch (error) {
    throw withHint(error, "provider", name, home);
  }
}

function secretsOf(manifest: Pick<PluginManifest, "glovebox"> | undefined) {
  return manifest?.glovebox?.secrets ?? [];
}

function secretSettings(
  manifest: Pick<PluginManifest, "glovebox"> | undefined,
  sources: readonly CredentialSource[],
): Readonly<Record<string, string>> {
  const found = secretsOf(manifest).flatMap(({ variable, setting }) => {
    const value = sources.map(({ values }) => values[variable]).find(Boolean);
    return setting === undefined || value === undefined ? [] : [[setting, value] as const];
  });
  return Object.fromEntries(found);
}

/** A path in the configuration starts from the directory of the configuration: the current one may be hostile. */
function placesOf({ home, directory }: PluginInput<unknown>, named: string | undefined) {
  return { resolveFrom: resolveFrom(home), pathsFrom: named === undefined ? home : directory };
}

const commands = { provider: "providers", harness: "harnesses" } as const;

function withHint(error: unknown, kind: PluginKind, name: string, home: string): unknown {
  if (!SandboxError.isInstance(error) || !error.message.endsWith("is not installed")) return error;
  const known = knownNames(kind, home);
  const meant = didYouMean(name, known);
  const nearest = meant === undefined ? "" : `Did you mean ${meant}? `;
  const hint =
    name.startsWith("@") || known.includes(name)
      ? `Install it: \`glovebox ${commands[kind]} add ${name}\`. List installed ones: \`glovebox ${commands[kind]}\`.`
      : `${nearest}Known: ${known.join(", ")}. Use the full package name for others, such as @acme/glovebox-x, or a path such as ./my-plugin.`;
  return new InvalidOptionsError(error.message, { hint, cause: error });
}
