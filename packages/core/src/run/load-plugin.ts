import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidOptionsError } from "../errors/index.ts";
import type { Harness, HarnessPlugin } from "../harness/harness.ts";
import type { ProviderPlugin, SandboxProvider } from "../provider/sandbox-provider.ts";

export interface LoadOptions {
  /** Handed to the plugin, which parses them. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Folders from which the package is looked for, in this order: as if a file in them imported it. */
  readonly resolveFrom: readonly string[];
}

/** Loads a provider by name: `docker` is `@glovebox/provider-docker`, `@acme/glovebox-x` is that package. */
export async function loadProvider(name: string, options: LoadOptions): Promise<SandboxProvider> {
  const plugin = await loadPlugin<ProviderPlugin>("provider", name, options);
  return plugin.create(options.settings ?? {});
}

/** Loads a harness by name: `claude-code` is `@glovebox/harness-claude-code`, `@acme/glovebox-x` is that package. */
export async function loadHarness(name: string, options: LoadOptions): Promise<Harness> {
  const plugin = await loadPlugin<HarnessPlugin>("harness", name, options);
  return plugin.create(options.settings ?? {});
}

async function loadPlugin<T extends ProviderPlugin | HarnessPlugin>(
  kind: T["kind"],
  name: string,
  options: LoadOptions,
): Promise<T> {
  const packageName = packageNameOf(kind, name);
  const module = await importFrom(packageName, options.resolveFrom);
  if (module === undefined) {
    throw new InvalidOptionsError(`The ${kind} ${name} is not installed`, { hint: `npm install ${packageName}` });
  }
  const plugin = module[kind];
  if (!isPlugin<T>(plugin, kind)) {
    throw new InvalidOptionsError(`${packageName} does not export a ${kind} that this version of Glovebox knows`, {
      hint: "Are its version and Glovebox's of the same age?",
    });
  }
  return plugin;
}

function packageNameOf(kind: string, name: string): string {
  if (/^[a-z0-9][a-z0-9._-]*$/.test(name)) return `@glovebox/${kind}-${name}`;
  if (/^@[a-z0-9][a-z0-9._-]*\/[a-z0-9][a-z0-9._-]*$/.test(name)) return name;
  throw new InvalidOptionsError(`${JSON.stringify(name)} is not the name of a ${kind}`, {
    hint: `A short name such as docker, or a package's full name such as @acme/glovebox-x.`,
  });
}

async function importFrom(
  packageName: string,
  folders: readonly string[],
): Promise<Record<string, unknown> | undefined> {
  for (const folder of folders) {
    const url = resolvePackage(packageName, folder);
    if (url !== undefined) return (await import(url)) as Record<string, unknown>;
  }
  return undefined;
}

function resolvePackage(packageName: string, folder: string): string | undefined {
  try {
    const require = createRequire(join(resolve(folder), "package.json"));
    return pathToFileURL(require.resolve(packageName)).href;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "MODULE_NOT_FOUND") return undefined;
    throw new InvalidOptionsError(`${packageName} cannot be loaded from ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function isPlugin<T extends { readonly kind: string }>(value: unknown, kind: string): value is T {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    value.kind === kind &&
    "specificationVersion" in value &&
    value.specificationVersion === 1 &&
    "create" in value &&
    typeof value.create === "function"
  );
}
