import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProviderPlugin } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import type { certify } from "@glovebox/provider-testkit/certify";
import { loadRunProvider } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import type { Terminal } from "../terminal.ts";
import { type CertifyCommandOptions, loadSuite, runSuite, versionOf } from "./certification.ts";

/** `glovebox certify` of a provider. Resolves to the exit code. */
export async function certifyProvider(
  provider: string,
  options: CertifyCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { only, report: path } = options;
  const home = stateDirectory(terminal.env);
  const { config: user } = await loadUserConfig(home);
  const located = await loadRunProvider({ options: { provider }, user, home, directory: terminal.cwd });
  const { module, settings } = located;
  const run = (await loadSuite(home, "@glovebox/provider-testkit")) as typeof certify;
  // Otherwise each of the cases would say so, when its time is over.
  await located.requireSetUp();
  const { provider: plugin } = (await import(module)) as { readonly provider: ProviderPlugin };
  return await runSuite({ ...options, name: provider, kind: "provider" }, terminal, (hooks) =>
    run({
      create: () => plugin.create(settings),
      plugin: { module, settings },
      versions: versionOf(fileURLToPath(module)),
      ...(only === undefined ? {} : { only }),
      ...(path === undefined ? {} : { report: resolve(terminal.cwd, path) }),
      ...hooks,
    }),
  );
}
