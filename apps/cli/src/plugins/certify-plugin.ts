import { type FindPluginOptions, findPlugin } from "@glovebox/core";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { didYouMean } from "../config/did-you-mean.ts";
import { offeredHarness } from "../config/offered-harness.ts";
import type { Terminal } from "../terminal.ts";
import type { CertifyCommandOptions } from "./certification.ts";
import { certifyHarness } from "./certify-harness.ts";
import { certifyProvider } from "./certify-provider.ts";
import type { PluginKind } from "./plugin-kind.ts";
import { knownNames } from "./plugin-names.ts";
import { resolveFrom } from "./plugin-places.ts";

/** `glovebox certify`: of a provider, or of a harness. Resolves to the exit code. */
export async function certifyPlugin(name: string, options: CertifyCommandOptions, terminal: Terminal): Promise<number> {
  const module = await harnessModule(name, terminal);
  if (module !== undefined) return await certifyHarness(name, module, options, terminal);
  if (options.provider !== undefined) {
    throw new InvalidOptionsError(`--provider is for certifying a harness, and ${name} is not an installed one`);
  }
  return await certifyProvider(name, options, terminal);
}

/** The module of the harness of that name; `undefined` for a provider. Throws `invalid-options` where there is neither. */
async function harnessModule(name: string, { env, cwd }: Terminal): Promise<string | undefined> {
  const home = stateDirectory(env);
  const places = { resolveFrom: resolveFrom(home), pathsFrom: cwd };
  const url =
    find("provider", name, places) ?? find("harness", offeredHarness(name, { home, ...places }).plugin, places);
  if (url === undefined) throw neither(name, home, places);
  try {
    return "harness" in ((await import(url)) as object) ? url : undefined;
  } catch {
    // Whoever loads it as a provider reports what is wrong with it.
    return undefined;
  }
}

function find(kind: PluginKind, name: string, places: FindPluginOptions): string | undefined {
  try {
    return findPlugin(kind, name, places);
  } catch (error) {
    if (SandboxError.isInstance(error)) return undefined;
    throw error;
  }
}

function neither(name: string, home: string, places: FindPluginOptions): unknown {
  const meant = didYouMean(name, [...knownNames("provider", home), ...knownNames("harness", home)]);
  const hint =
    meant === undefined
      ? `Install it: \`glovebox providers add ${name}\` or \`glovebox harnesses add ${name}\`.`
      : `Did you mean ${meant}?`;
  if (/^@?[a-z0-9][\w.-]*(?:\/[\w.-]+)?$/.test(name)) {
    return new InvalidOptionsError(`The provider or harness ${name} is not installed`, { hint });
  }
  try {
    return findPlugin("provider or harness", name, places);
  } catch (error) {
    return error;
  }
}
