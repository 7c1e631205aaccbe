import { homeFolder } from "../config/home-folder.ts";
import { type LoadedProvider, loadRunProvider } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { createConsent } from "../consent.ts";
import type { Terminal } from "../terminal.ts";

/** What commands that need no run say of a provider. */
export interface ProviderOptions {
  readonly provider?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly e2bApiKey?: string;
}

/** The provider for a command that starts no run. */
export async function openProvider(terminal: Terminal, options: ProviderOptions): Promise<LoadedProvider> {
  const home = homeFolder(terminal.env);
  const { config: user } = await loadUserConfig(home);
  return await loadRunProvider({
    options,
    user,
    home,
    directory: terminal.cwd,
    consent: createConsent(terminal, options),
    sources: [{ name: "your environment", values: terminal.env }],
  });
}
