import { findPlugin } from "@glovebox/core";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import type { Terminal } from "../terminal.ts";
import type { CertifyCommandOptions } from "./certification.ts";
import { certifyHarness } from "./certify-harness.ts";
import { certifyProvider } from "./certify-provider.ts";
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

/** The module of the harness of that name; `undefined` where it is a provider, or not there. */
async function harnessModule(name: string, { env, cwd }: Terminal): Promise<string | undefined> {
  const places = { resolveFrom: resolveFrom(stateDirectory(env)), pathsFrom: cwd };
  for (const kind of ["provider", "harness"]) {
    try {
      const url = findPlugin(kind, name, places);
      return "harness" in ((await import(url)) as object) ? url : undefined;
    } catch (error) {
      // Whoever loads it as a provider reports what is wrong with it.
      if (!SandboxError.isInstance(error)) return undefined;
    }
  }
  return undefined;
}
