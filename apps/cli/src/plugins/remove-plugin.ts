import { existsSync } from "node:fs";
import { join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import type { Terminal } from "../terminal.ts";
import { parsePackageName } from "./package-name.ts";
import type { PluginKind } from "./plugin-kind.ts";
import { packagesDirectory } from "./plugin-places.ts";
import { runNpm } from "./run-npm.ts";

/** `glovebox providers remove`. */
export async function removePlugin(kind: PluginKind, requested: string, terminal: Terminal): Promise<number> {
  const { name } = parsePackageName(kind, requested);
  const directory = packagesDirectory(stateDirectory(terminal.env));
  if (!existsSync(join(directory, "node_modules", name))) {
    throw new InvalidOptionsError(`${name} was not added here`, {
      hint: `What was added is in ${directory}; what is beside the command belongs to its own installation.`,
    });
  }
  await runNpm(directory, "uninstall", name);
  terminal.stdout.line(name);
  return 0;
}
