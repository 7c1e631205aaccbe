import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { serve } from "@glovebox/server";
import { packagesFolder, resolveFrom } from "../config/plugins.ts";

const packageName = "@glovebox/server";

/** The server's own command line, from where providers are found: it is a package that a person may not have. */
export async function loadServer(home: string): Promise<typeof serve> {
  for (const folder of resolveFrom(home)) {
    const found = locate(folder);
    if (found === undefined) continue;
    const module = (await import(pathToFileURL(found).href)) as { readonly serve: typeof serve };
    return module.serve;
  }
  throw new InvalidOptionsError(`${packageName} is not installed`, {
    hint: `Install it beside this command: \`npm install -g ${packageName}\`; or into ${packagesFolder(home)}.`,
  });
}

function locate(folder: string): string | undefined {
  try {
    return createRequire(join(folder, "package.json")).resolve(packageName);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw error;
  }
}
