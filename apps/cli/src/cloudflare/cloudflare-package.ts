import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { packagesFolder, resolveFrom } from "../config/plugins.ts";
import { runNpm } from "../plugins/run-npm.ts";

const packageName = "@glovebox/provider-cloudflare";

/** The installed package that holds the Worker and the files of a project. */
export interface CloudflarePackage {
  readonly folder: string;
  readonly version: string;
  /** What it was tried with: `wrangler` and the like, by the names of npm packages. */
  readonly tools: Readonly<Record<string, string>>;
}

/** Finds the package where providers are found, and installs it into the person's own packages when they agree. */
export async function findCloudflarePackage(
  home: string,
  consent: (question: string) => Promise<boolean>,
): Promise<CloudflarePackage> {
  const found = look(resolveFrom(home));
  if (found !== undefined) return found;
  if (!(await consent(`${packageName} is not installed. Install it into ${packagesFolder(home)}?`))) {
    throw new InvalidOptionsError(`${packageName} is not installed`, {
      hint: "Install it: `glovebox providers add cloudflare`.",
    });
  }
  await runNpm(packagesFolder(home), "install", packageName);
  const installed = look([packagesFolder(home)]);
  if (installed === undefined) throw new InvalidOptionsError(`${packageName} cannot be read after it was installed`);
  return installed;
}

function look(folders: readonly string[]): CloudflarePackage | undefined {
  for (const folder of folders) {
    try {
      const file = createRequire(join(folder, "package.json")).resolve(`${packageName}/package.json`);
      const manifest = JSON.parse(readFileSync(file, "utf8")) as {
        readonly version: string;
        readonly devDependencies: Readonly<Record<string, string>>;
      };
      return { folder: dirname(file), version: manifest.version, tools: manifest.devDependencies };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return undefined;
}
