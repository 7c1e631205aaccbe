import { InvalidOptionsError, SandboxError } from "../../errors/index.ts";
import type { Harness, HarnessPlugin } from "../../harness/harness.ts";
import type { PluginHost } from "../../plugin/plugin-host.ts";
import type { ProviderPlugin, SandboxProvider } from "../../provider/sandbox-provider.ts";
import { harnessFlaw, pluginFlaw, providerFlaw } from "./plugin-shape.ts";
import { findPlugin, importPlugin } from "./plugin-source.ts";

/** How plugins are loaded: where they are looked for, and what they receive. */
export interface LoadOptions {
  /** Handed to the plugin, which parses them. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Handed to the plugin beside its settings. */
  readonly host?: PluginHost;
  /** Directories from which the package is looked for, in this order: as if a file in them imported it. */
  readonly resolveFrom: readonly string[];
  /**
   * The directory that relative paths start from. Without it only names are taken: a path runs whatever code lies there, so
   * it has to come from the user, and never from a project's own files.
   */
  readonly pathsFrom?: string;
  /** How long the plugin's module may take to load, in milliseconds. Default: 30 seconds. */
  readonly importMs?: number;
}

type Plugin = ProviderPlugin | HarnessPlugin;

/**
 * Loads a provider: `docker` is `@glovebox/provider-docker`, `@acme/glovebox-x` is that package, and `./directory` or
 * `/directory/file.js` what lies there. Whatever is missing, of another version or malformed is `invalid-options`.
 */
export async function loadProvider(name: string, options: LoadOptions): Promise<SandboxProvider> {
  return await load<ProviderPlugin, SandboxProvider>("provider", name, options, providerFlaw);
}

/** Loads a harness, as {@link loadProvider} does: `claude-code` is `@glovebox/harness-claude-code`. */
export async function loadHarness(name: string, options: LoadOptions): Promise<Harness> {
  return await load<HarnessPlugin, Harness>("harness", name, options, harnessFlaw);
}

async function load<P extends Plugin, T>(
  kind: P["kind"],
  name: string,
  options: LoadOptions,
  flaw: (instance: unknown) => string | undefined,
): Promise<T> {
  const plugin = await loadPlugin(kind, name, options);
  const instance = make(plugin, name, options);
  const wrong = flaw(instance);
  if (wrong === undefined) return instance as T;
  throw new InvalidOptionsError(`The ${kind} ${name} is malformed: ${wrong}`, { hint: authorsHint });
}

const authorsHint = "Its author can tell; docs/adding-a-provider.md and docs/adding-a-harness.md say what is expected.";

/** Loads what a package exports as its provider, without making one. */
export async function loadProviderPlugin(name: string, options: LoadOptions): Promise<ProviderPlugin> {
  return (await loadPlugin("provider", name, options)) as ProviderPlugin;
}

/** Loads what a package exports as its harness, without making one. */
export async function loadHarnessPlugin(name: string, options: LoadOptions): Promise<HarnessPlugin> {
  return (await loadPlugin("harness", name, options)) as HarnessPlugin;
}

async function loadPlugin(kind: Plugin["kind"], name: string, options: LoadOptions): Promise<Plugin> {
  const source = findPlugin(kind, name, options);
  const module = await importPlugin(kind, name, { url: source, importMs: options.importMs ?? 30_000 });
  // A CommonJS package whose exports could not be reported beforehand has them all on its default.
  const plugin = module[kind] ?? (module.default as Record<string, unknown> | undefined)?.[kind];
  const { flaw, hint } = pluginFlaw(plugin, kind);
  if (flaw === undefined) return plugin as Plugin;
  throw new InvalidOptionsError(`${name} ${flaw}`, { hint: hint ?? authorsHint });
}

function make(plugin: Plugin, name: string, { settings = {}, host }: LoadOptions): unknown {
  try {
    return plugin.create(settings, host);
  } catch (error) {
    if (SandboxError.isInstance(error)) throw error;
    throw new InvalidOptionsError(`The ${plugin.kind} ${name} could not be created: ${firstLine(error)}`, {
      hint: authorsHint,
      cause: error,
    });
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n", 1)[0] ?? "";
}
