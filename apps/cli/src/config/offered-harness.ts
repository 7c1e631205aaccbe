import { type FindPluginOptions, findPlugin } from "@glovebox/core";
import { SandboxError } from "@glovebox/core/provider";
import { readPluginManifests } from "../plugins/plugin-manifests.ts";

/** The package of a harness, and the settings that select it there. */
export interface OfferedHarness {
  /** As `--harness` takes it. */
  readonly plugin: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Finds the package of a harness by its name. A package of its own has priority over an installed one that has several
 * harnesses and lists the name. One that is not installed is returned as it was named.
 */
export function offeredHarness(
  name: string,
  { home, ...places }: FindPluginOptions & { readonly home: string },
): OfferedHarness {
  if (!/^[a-z][a-z0-9-]*$/.test(name) || isInstalled(name, places)) return { plugin: name, settings: {} };
  const manifests = readPluginManifests(home);
  for (const select of [listed, starred]) {
    for (const { name: plugin, glovebox } of manifests) {
      const settings = select(glovebox?.harnesses ?? {}, name);
      if (settings !== undefined) return { plugin: plugin.replace(/^@glovebox\/harness-/, ""), settings };
    }
  }
  return { plugin: name, settings: {} };
}

type Harnesses = Readonly<Record<string, OfferedHarness["settings"]>>;

function listed(harnesses: Harnesses, name: string): OfferedHarness["settings"] | undefined {
  return Object.hasOwn(harnesses, name) ? harnesses[name] : undefined;
}

/** A listed name may end with `*`. Each setting that is `*` then gets the rest of the name. */
function starred(harnesses: Harnesses, name: string): OfferedHarness["settings"] | undefined {
  for (const [pattern, settings] of Object.entries(harnesses)) {
    const prefix = pattern.slice(0, -1);
    if (!pattern.endsWith("*") || !name.startsWith(prefix) || name === prefix) continue;
    const rest = name.slice(prefix.length);
    return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, value === "*" ? rest : value]));
  }
  return undefined;
}

function isInstalled(name: string, places: FindPluginOptions): boolean {
  try {
    findPlugin("harness", name, places);
    return true;
  } catch (error) {
    if (SandboxError.isInstance(error)) return false;
    throw error;
  }
}
