import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadHarness, loadProvider } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";
import { parsePackageName, shortName } from "./package-name.ts";
import type { PluginKind } from "./plugin-kind.ts";
import { readPluginManifests } from "./plugin-manifests.ts";
import { namesOf } from "./plugin-names.ts";
import { packagesDirectory } from "./plugin-places.ts";
import { runNpm } from "./run-npm.ts";

/** `glovebox providers add`: what turns out to be no such plugin is taken out again, unless it was there before. */
export async function addPlugin(kind: PluginKind, requested: string, terminal: Terminal): Promise<number> {
  const { name, version } = parsePackageName(kind, requested);
  const home = stateDirectory(terminal.env);
  const directory = packagesDirectory(home);
  const bundled = readPluginManifests(home).find((manifest) => manifest.name === name && !manifest.isInOwnPackages);
  if (bundled !== undefined) {
    // It has priority over an added one, which would never be used.
    terminal.stderr.line(`${name} ${bundled.version} comes with this command: nothing was installed`);
    for (const each of namesOf(kind, bundled)) terminal.stdout.line(`--${kind} ${each.name}`);
    return 0;
  }
  const wasThere = existsSync(join(directory, "node_modules", name));
  terminal.stderr.line(`Installing ${name} into ${safeLine(directory, 200)}`);
  await runNpm(directory, "install", version === undefined ? name : `${name}@${version}`);
  const load = kind === "provider" ? loadProvider : loadHarness;
  try {
    await load(name, { resolveFrom: [directory] });
  } catch (error) {
    if (!wasThere) await runNpm(directory, "uninstall", name);
    const why = error instanceof Error ? error.message : String(error);
    const what = `${name} is no ${kind}${wasThere ? "" : ", and is taken out again"}`;
    throw new InvalidOptionsError(`${what}: ${why}`, { cause: error });
  }
  terminal.stdout.line(`--${kind} ${shortName(kind, name)}`);
  return 0;
}
