import { stateDirectory } from "@glovebox/core/state";
import { type LoadedProvider, loadRunProvider } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { createConsent } from "../consent.ts";
import { PluginFlags } from "../plugins/plugin-flags.ts";
import { readPluginManifests } from "../plugins/plugin-manifests.ts";
import type { Terminal } from "../terminal.ts";

/** The options of a command that uses a provider and starts no run. */
export interface ProviderOptions {
  readonly provider?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
  /** The flags of plugins. */
  readonly [pluginFlag: string]: unknown;
}

/** The provider for a command that starts no run. */
export async function openProvider(terminal: Terminal, options: ProviderOptions): Promise<LoadedProvider> {
  const home = stateDirectory(terminal.env);
  const { config: user } = await loadUserConfig(home);
  for (const warning of new PluginFlags(readPluginManifests(home)).warnings(options)) terminal.stderr.line(warning);
  return await loadRunProvider({
    options,
    user,
    home,
    directory: terminal.cwd,
    consent: createConsent(terminal, { yes: options.yes, json: options.json, ciAgrees: true }),
    sources: [{ name: "your environment", values: terminal.env }],
  });
}
