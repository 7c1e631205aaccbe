import { loadHarness, loadProvider } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import type { SandboxProvider } from "@glovebox/core/provider";
import type { PluginKind } from "./plugin-kind.ts";
import { readPluginManifests } from "./plugin-manifests.ts";
import { namesOf, type PluginName } from "./plugin-names.ts";
import { resolveFrom } from "./plugin-places.ts";

export interface InstalledPlugin {
  /** As it is given to `--provider` or `--harness`. */
  readonly name: string;
  readonly packageName: string;
  readonly version: string;
  /** The package's directory. */
  readonly path: string;
  readonly where: "beside this command" | "in your packages";
  /** What it is; absent when it could not be loaded. */
  readonly plugin?: SandboxProvider | Harness;
  /** Why it could not be loaded, in one line. */
  readonly problem?: string;
}

/** The plugins of a kind that are installed. One that does not declare its kind is loaded to find out. */
export async function installedPlugins(kind: PluginKind, home: string): Promise<readonly InstalledPlugin[]> {
  const found: InstalledPlugin[] = [];
  for (const manifest of readPluginManifests(home)) {
    if (manifest.kind !== undefined && manifest.kind !== kind) continue;
    for (const { name, settings } of namesOf(kind, manifest)) {
      const loaded = await load(kind, manifest.name, settings, home);
      if (manifest.kind === undefined && loaded.plugin === undefined) continue;
      found.push({
        name,
        packageName: manifest.name,
        version: manifest.version,
        path: manifest.path,
        where: manifest.isInOwnPackages ? "in your packages" : "beside this command",
        ...loaded,
      });
    }
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

async function load(kind: PluginKind, name: string, settings: PluginName["settings"], home: string) {
  const options = { settings, resolveFrom: resolveFrom(home) };
  try {
    return { plugin: await (kind === "provider" ? loadProvider : loadHarness)(name, options) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
