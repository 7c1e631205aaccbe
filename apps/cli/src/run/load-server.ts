import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { serve } from "@glovebox/server";
import { packagesDirectory, resolveFrom } from "../plugins/plugin-places.ts";

const packageName = "@glovebox/server";

/** The server's own command line, from where providers are found: the package may not be installed. */
export async function loadServer(home: string): Promise<typeof serve> {
  for (const directory of resolveFrom(home)) {
    const found = locate(directory);
    if (found === undefined) continue;
    const module = (await import(pathToFileURL(found).href)) as { readonly serve: typeof serve };
    return module.serve;
  }
  throw new InvalidOptionsError(`${packageName} is not installed`, {
    hint: `Install it beside this command: \`npm install -g ${packageName}\`; or into ${packagesDirectory(home)}.`,
  });
}

function locate(directory: string): string | undefined {
  try {
    return createRequire(join(directory, "package.json")).resolve(packageName);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw error;
  }
}
