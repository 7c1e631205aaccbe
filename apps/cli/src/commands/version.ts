import { stateDirectory } from "@glovebox/core/state";
import { Command } from "commander";
import { version } from "../built-in.ts";
import type { Cli } from "../cli.ts";

/** `glovebox version`. */
export function versionCommand(cli: Cli): Command {
  return new Command("version")
    .summary("print the versions of Glovebox and its plugins")
    .description("Print the versions of Glovebox, the harness in the sandbox, Node and the installed plugins.")
    .option("--json", "print one object")
    .action(
      cli.act(async (options: { readonly json?: boolean }) => {
        const { loadRunHarness } = await import("../config/plugins.ts");
        const { loadUserConfig } = await import("../config/user-config.ts");
        const { readPluginManifests } = await import("../plugins/plugin-manifests.ts");
        const { env, cwd, stdout } = cli.terminal;
        const home = stateDirectory(env);
        const { config: user } = await loadUserConfig(home);
        const harness = await loadRunHarness({ options: {}, user, home, directory: cwd });
        const { npmVersion = "unknown" } = harness.template();
        const plugins = readPluginManifests(home).map((plugin) => [plugin.name, plugin.version]);
        const versions = {
          glovebox: version,
          [harness.id]: npmVersion,
          node: process.versions.node,
          ...Object.fromEntries(plugins),
        };
        if (options.json) stdout.json(versions);
        else for (const [name, value] of Object.entries(versions)) stdout.line(`${name} ${value}`);
        return 0;
      }),
    );
}
