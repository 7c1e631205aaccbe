import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentCredential, loadHarness, loadProvider } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError, type SandboxProvider } from "@glovebox/core/provider";
import type { ServerSettings } from "./server-settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The providers and harnesses that a server was configured with, by name. No request can name others. */
export class Plugins {
  readonly providers: ReadonlyMap<string, SandboxProvider>;
  readonly harnesses: ReadonlyMap<string, Harness>;
  readonly defaultProvider: string;
  readonly defaultHarness: string;

  private constructor(
    settings: Pick<ServerSettings, "provider" | "harness">,
    providers: ReadonlyMap<string, SandboxProvider>,
    harnesses: ReadonlyMap<string, Harness>,
  ) {
    this.defaultProvider = settings.provider;
    this.defaultHarness = settings.harness;
    this.providers = providers;
    this.harnesses = harnesses;
  }

  /** Loads them all. Rejects with `invalid-options` if one is not installed or does not accept its settings. */
  static async load(settings: ServerSettings): Promise<Plugins> {
    const resolveFrom = [dirname(fileURLToPath(import.meta.url)), join(settings.home, "packages")];
    const places = { resolveFrom, pathsFrom: settings.cwd };
    const providers = new Map<string, SandboxProvider>();
    for (const [name, options] of Object.entries(settings.providers)) {
      providers.set(name, await loadProvider(name, { ...places, settings: options }));
    }
    const harnesses = new Map<string, Harness>();
    for (const name of settings.harnesses) harnesses.set(name, await loadHarness(name, places));
    return new Plugins(settings, providers, harnesses);
  }

  /** Throws `invalid-options` for a name that is not configured. */
  provider(name: string): SandboxProvider {
    const provider = this.providers.get(name);
    if (provider !== undefined) return provider;
    throw new InvalidOptionsError(`This server has no provider ${name}`);
  }

  /** Throws `invalid-options` for a name that is not configured. */
  harness(name: string): Harness {
    const harness = this.harnesses.get(name);
    if (harness !== undefined) return harness;
    throw new InvalidOptionsError(`This server has no harness ${name}`);
  }

  /** Whether the environment has what a harness needs to reach its model. */
  hasCredential(harness: Harness, env: Environment): boolean {
    try {
      environmentCredential(harness, env);
      return true;
    } catch {
      // That there is none is the answer.
      return false;
    }
  }
}
