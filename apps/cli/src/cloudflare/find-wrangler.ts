import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import { packagesFolder, resolveFrom } from "../config/plugins.ts";
import { runNpm } from "../plugins/run-npm.ts";
import type { CloudflarePackage } from "./cloudflare-package.ts";

/** How wrangler is started. */
export interface Wrangler {
  readonly file: string;
  readonly version: string;
}

/** The first that has containers which belong to a Durable Object. */
const oldest = [4, 134] as const;
/** The first Node that wrangler runs on. */
const oldestNode = [22, 12] as const;

/**
 * Finds wrangler: the project's own, one beside this command or in the person's own packages, the one on PATH. Where there
 * is none, it is installed into their packages when they agree. One that is too old is passed over.
 */
export async function findWrangler(options: {
  readonly projectFolder: string;
  readonly home: string;
  readonly path: string | undefined;
  readonly source: CloudflarePackage;
  readonly consent: (question: string) => Promise<boolean>;
  readonly say: (message: string) => void;
}): Promise<Wrangler> {
  requireNode();
  const own = packagesFolder(options.home);
  const packages = [options.projectFolder, options.source.folder, ...resolveFrom(options.home)].flatMap(installedIn);
  const found = [...packages, ...onPath(options.path)];
  const usable = found.find(({ version }) => isAtLeast(version, oldest));
  if (usable !== undefined) return usable;
  const version = options.source.tools.wrangler ?? "latest";
  const tooOld = found[0] === undefined ? "is not installed" : `${found[0].version} is too old`;
  if (!(await options.consent(`wrangler ${tooOld}. Install wrangler ${version} into ${own}?`))) {
    throw new SandboxUnavailableError(`wrangler, Cloudflare's own tool, ${tooOld}`, {
      retryable: false,
      hint: `\`npm install wrangler@${version}\` in the project, or give --yes to have it installed into ${own}.`,
    });
  }
  options.say(`Installing wrangler ${version}`);
  await runNpm(own, "install", `wrangler@${version}`);
  const [installed] = installedIn(own);
  if (installed === undefined) {
    throw new SandboxUnavailableError("wrangler was installed, and is not there", { retryable: false });
  }
  return installed;
}

function requireNode(): void {
  if (isAtLeast(process.versions.node, oldestNode)) return;
  throw new SandboxUnavailableError(
    `wrangler, Cloudflare's own tool, needs Node ${oldestNode.join(".")} or newer; this is ${process.versions.node}`,
    { retryable: false, hint: "Run this one command with a newer Node. Everything else works with this one." },
  );
}

function installedIn(folder: string): readonly Wrangler[] {
  try {
    return [wranglerIn(dirname(createRequire(join(folder, "package.json")).resolve("wrangler/package.json")))];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    return [];
  }
}

/** A link to the package's program, as npm makes it for a global install. */
function onPath(path = ""): readonly Wrangler[] {
  return path.split(":").flatMap((folder) => {
    const manifest = join(folder, "../lib/node_modules/wrangler/package.json");
    return folder !== "" && existsSync(join(folder, "wrangler")) && existsSync(manifest)
      ? [wranglerIn(dirname(manifest))]
      : [];
  });
}

function wranglerIn(folder: string): Wrangler {
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly version: string };
  return { file: join(folder, "bin/wrangler.js"), version };
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [givenMajor = 0, givenMinor = 0] = version.split(".").map(Number);
  return givenMajor > major || (givenMajor === major && givenMinor >= minor);
}
