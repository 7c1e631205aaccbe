import { existsSync } from "node:fs";
import { join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { homeFolder } from "../config/home-folder.ts";
import { packagesFolder } from "../config/plugins.ts";
import type { Terminal } from "../terminal.ts";
import type { PluginKind } from "./installed-plugins.ts";
import { parsePackageName } from "./package-name.ts";
import { runNpm } from "./run-npm.ts";

/** `glovebox providers remove`. */
export async function removePlugin(kind: PluginKind, given: string, terminal: Terminal): Promise<number> {
  const { name } = parsePackageName(kind, given);
  const folder = packagesFolder(homeFolder(terminal.env));
  if (!existsSync(join(folder, "node_modules", name))) {
    throw new InvalidOptionsError(`${name} was not added here`, {
      hint: `What was added is in ${folder}; what is beside the command belongs to its own installation.`,
    });
  }
  await runNpm(folder, "uninstall", name);
  terminal.stdout.line(name);
  return 0;
}
