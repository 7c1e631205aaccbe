import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findPlugin, loadHarness, loadProvider } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError, SandboxError, type SandboxProvider } from "@glovebox/core/provider";
import type { CredentialSource } from "./credential.ts";
import type { RunOptions } from "./run-options.ts";
import type { UserConfig } from "./user-config.ts";

/** The person's own folder of installed providers and harnesses. */
export function packagesFolder(home: string): string {
  return resolve(home, "packages");
}

/**
 * Where providers and harnesses are looked for: beside this package, beside the command as it was started (a global
 * install may link to it), then in the person's own home. Never in the folder where the person stands.
 */
export function resolveFrom(home: string): string[] {
  const started = process.argv[1];
  const own = dirname(fileURLToPath(import.meta.url));
  return [own, ...(started === undefined ? [] : [dirname(started)]), packagesFolder(home)];
}

export interface LoadedProvider {
  readonly provider: SandboxProvider;
  readonly engineHost?: string;
}

interface PluginInput<O> {
  readonly options: O;
  readonly user: UserConfig;
  readonly home: string;
  /** Where the person stands: what a path that they typed starts from. */
  readonly directory: string;
}

/** A provider that was named, as a module that another process can load too, with its settings. */
export async function locateProvider(
  input: PluginInput<{ readonly provider: string }>,
): Promise<{ readonly module: string; readonly settings: Readonly<Record<string, unknown>> }> {
  const { provider: name } = input.options;
  const settings = input.user.providers?.[name] ?? {};
  const places = placesOf(input, name);
  try {
    // Looked at as for a run: what is malformed is told as it is there.
    await loadProvider(name, { settings, ...places });
    return { module: findPlugin("provider", name, places), settings };
  } catch (error) {
    throw withHint(error, "provider", name);
  }
}

/** As the options or the configuration name it. */
export function providerName(options: Pick<RunOptions, "provider" | "sandbox">, user: UserConfig): string {
  return options.sandbox ?? options.provider ?? user.provider ?? "docker";
}

/** The provider that the options or the configuration name. Does no I/O but loading its package. */
export async function loadRunProvider(
  input: PluginInput<Pick<RunOptions, "provider" | "sandbox" | "runtime" | "e2bApiKey">> & {
    readonly consent: (question: string) => Promise<boolean>;
    /** Where a key of the provider's may stand, the first that has it wins. A project's own file is none of them. */
    readonly sources?: readonly CredentialSource[];
  },
): Promise<LoadedProvider> {
  const { options, user } = input;
  const { sandbox } = options;
  if (options.provider !== undefined && sandbox !== undefined && options.provider !== sandbox) {
    throw new InvalidOptionsError(`--provider ${options.provider} and --sandbox ${sandbox} contradict each other`, {
      hint: "They are one option under two names: give it once.",
    });
  }
  const given = sandbox ?? options.provider;
  const name = providerName(options, user);
  const runtime = options.runtime ?? user.runtime;
  const consent = () => input.consent("The base image is made from Debian's packages. Install debootstrap for it?");
  const settings: Record<string, unknown> = {
    ...(name === "docker" ? { consent } : {}),
    ...user.providers?.[name],
    ...(name === "e2b" ? e2bKey(input) : {}),
    ...(runtime === undefined ? {} : { runtime }),
  };
  const provider = await loadProvider(name, { settings, ...placesOf(input, given) }).catch((error: unknown) => {
    throw withHint(error, "provider", name);
  });
  return { provider, ...(name === "docker" && typeof settings.host === "string" ? { engineHost: settings.host } : {}) };
}

/** The variable that holds E2B's API key. It goes into no sandbox. */
export const e2bKeyVariable = "E2B_API_KEY";

function e2bKey({
  options,
  sources = [],
}: {
  readonly options: Pick<RunOptions, "e2bApiKey">;
  readonly sources?: readonly CredentialSource[];
}): { readonly apiKey?: string } {
  const found = [options.e2bApiKey, ...sources.map(({ values }) => values[e2bKeyVariable])].find(Boolean);
  return found === undefined ? {} : { apiKey: found };
}

/** The harness that the options or the configuration name. Does no I/O but loading its package. */
export async function loadRunHarness(input: PluginInput<Pick<RunOptions, "harness">>): Promise<Harness> {
  const { options, user } = input;
  const name = options.harness ?? user.harness ?? "claude-code";
  const settings = user.harnesses?.[name] ?? {};
  return await loadHarness(name, { settings, ...placesOf(input, options.harness) }).catch((error: unknown) => {
    throw withHint(error, "harness", name);
  });
}

/** A path in the configuration starts from the folder of the configuration: the one where a person stands may be hostile. */
function placesOf({ home, directory }: PluginInput<unknown>, given: string | undefined) {
  return { resolveFrom: resolveFrom(home), pathsFrom: given === undefined ? home : directory };
}

/** Those that are published under a short name. */
const published = { provider: ["docker", "e2b", "cloudflare"], harness: ["claude-code"] } as const;
const commands = { provider: "providers", harness: "harnesses" } as const;

function withHint(error: unknown, kind: "provider" | "harness", name: string): unknown {
  if (!SandboxError.isInstance(error) || !error.message.endsWith("is not installed")) return error;
  const known: readonly string[] = published[kind];
  const hint =
    name.startsWith("@") || known.includes(name)
      ? `Install it: \`glovebox ${commands[kind]} add ${name}\`. See what is there: \`glovebox ${commands[kind]}\`.`
      : `There is ${known.join(", ")}. Another goes by its package's full name, such as @acme/glovebox-x, or by a path such as ./folder.`;
  return new InvalidOptionsError(error.message, { hint, cause: error });
}
