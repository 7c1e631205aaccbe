import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadHarness, loadProvider } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { homeFolder } from "../config/home-folder.ts";
import { packagesFolder } from "../config/plugins.ts";
import { safeLine } from "../print/safe-text.ts";
import type { Terminal } from "../terminal.ts";
import type { PluginKind } from "./installed-plugins.ts";
import { parsePackageName, shortName } from "./package-name.ts";
import { runNpm } from "./run-npm.ts";

/** `glovebox providers add`: what turns out to be no such plugin is taken out again, unless it was there before. */
export async function addPlugin(kind: PluginKind, given: string, terminal: Terminal): Promise<number> {
  const { name, version } = parsePackageName(kind, given);
  const folder = packagesFolder(homeFolder(terminal.env));
  const wasThere = existsSync(join(folder, "node_modules", name));
  terminal.stderr.line(`Installing ${name} into ${safeLine(folder, 200)}`);
  await runNpm(folder, "install", version === undefined ? name : `${name}@${version}`);
  const load = kind === "provider" ? loadProvider : loadHarness;
  try {
    await load(name, { resolveFrom: [folder] });
  } catch (error) {
    if (!wasThere) await runNpm(folder, "uninstall", name);
    const why = error instanceof Error ? error.message : String(error);
    const what = `${name} is no ${kind}${wasThere ? "" : ", and is taken out again"}`;
    throw new InvalidOptionsError(`${what}: ${why}`, { cause: error });
  }
  terminal.stdout.line(`--${kind} ${shortName(kind, name)}`);
  return 0;
}
