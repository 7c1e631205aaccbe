import { InvalidOptionsError } from "@glovebox/core/provider";
import { type ResolvedSettings, resolveSettings } from "@glovebox/core/run-settings";
import { stateDirectory } from "@glovebox/core/state";
import { pluginSettings } from "../config/plugin-settings.ts";
import { loadProjectConfig } from "../config/project-config.ts";
import { loadUserConfig, type UserConfig } from "../config/user-config.ts";
import type { ResolveRunInput } from "./run-plan.ts";

/** The settings of a run, merged, and the user's file for what is merged where it is used. */
export interface RunSources {
  readonly home: string;
  readonly user: UserConfig;
  readonly settings: ResolvedSettings;
  readonly warnings: readonly string[];
}

const shortestLeaseMs = 10_000;

/** Reads both configuration files and merges them with the flags. */
export async function readRunSources({
  options,
  terminal,
  directory,
}: Pick<ResolveRunInput, "options" | "terminal" | "directory">): Promise<RunSources> {
  const home = stateDirectory(terminal.env);
  const { config: user, warnings } = await loadUserConfig(home);
  const project = await loadProjectConfig(directory);
  const resolved = resolveSettings({ flags: options, user, project, more: pluginSettings });
  const { lease } = resolved.settings;
  if (lease !== undefined && lease < shortestLeaseMs) throw new InvalidOptionsError("--lease is at least 10s");
  return { home, user, settings: resolved.settings, warnings: [...warnings, ...resolved.warnings] };
}
