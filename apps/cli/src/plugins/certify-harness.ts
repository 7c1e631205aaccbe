import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stateDirectory } from "@glovebox/core/state";
import type { certify } from "@glovebox/harness-testkit/certify";
import { loadRunHarness, loadRunProvider } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import type { Terminal } from "../terminal.ts";
import { type CertifyCommandOptions, loadSuite, runSuite, versionOf } from "./certification.ts";

/** `glovebox certify` of a harness, in the sandboxes of a provider. Resolves to the exit code. */
export async function certifyHarness(
  harness: string,
  module: string,
  options: CertifyCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { only, report: path, provider } = options;
  const home = stateDirectory(terminal.env);
  const { config: user } = await loadUserConfig(home);
  const place = { user, home, directory: terminal.cwd };
  const loaded = await loadRunHarness({ options: { harness }, ...place });
  const located = await loadRunProvider({ options: provider === undefined ? {} : { provider }, ...place });
  const run = (await loadSuite(home, "@glovebox/harness-testkit")) as typeof certify;
  await located.requireSetUp();
  return await runSuite({ ...options, name: harness, kind: "harness" }, terminal, (hooks) =>
    run({
      create: () => loaded,
      provider: located.provider,
      versions: versionOf(fileURLToPath(module)),
      ...(only === undefined ? {} : { only }),
      ...(path === undefined ? {} : { report: resolve(terminal.cwd, path) }),
      ...hooks,
    }),
  );
}
