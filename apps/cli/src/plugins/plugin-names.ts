import { builtIn } from "../built-in.ts";
import { shortName } from "./package-name.ts";
import type { PluginKind } from "./plugin-kind.ts";
import { type PluginManifest, readPluginManifests } from "./plugin-manifests.ts";

/** What the command line calls a plugin, and the settings that select it in its package. */
export interface PluginName {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** The names under which a package's plugins are used: its own, or those of the harnesses that it lists. */
export function namesOf(kind: PluginKind, { name, glovebox }: PluginManifest): readonly PluginName[] {
  const listed = Object.entries(kind === "harness" ? (glovebox?.harnesses ?? {}) : {});
  if (listed.length === 0) return [{ name: shortName(kind, name), settings: {} }];
  return listed.filter(([name]) => !name.endsWith("*")).map(([name, settings]) => ({ name, settings }));
}

/** The names of the plugins that are installed, and of those that are published under a short name. */
export function knownNames(kind: PluginKind, home: string): readonly string[] {
  const installed = readPluginManifests(home).filter((manifest) => manifest.kind === kind);
  const names = installed.flatMap((manifest) => namesOf(kind, manifest).map(({ name }) => name));
  return [...new Set([...(builtIn.published[kind] ?? []), ...names])].sort();
}
