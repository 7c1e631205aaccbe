import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readHostTextSync } from "@glovebox/core/host-files";
import type { CommandContext } from "@glovebox/core/plugin";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import type { CloudflarePackage } from "../cloudflare-package.ts";

/** How to start wrangler. */
export interface Wrangler {
  readonly file: string;
  readonly version: string;
}

/** The first version with containers that belong to a Durable Object. */
const oldest = [4, 134] as const;
/** The minimum Node version of wrangler. */
const oldestNode = [22, 12] as const;

/**
 * Finds wrangler in the project, next to this command, in the user's packages or on PATH. Skips versions that are too old. If
 * there is none, installs it into the user's packages after they agree.
 */
export async function findWrangler(options: {
  readonly projectDirectory: string;
  readonly context: CommandContext;
  readonly source: CloudflarePackage;
  readonly consent: (question: string) => Promise<boolean>;
  readonly say: (message: string) => void;
}): Promise<Wrangler> {
  requireNode();
  const { packagesDirectory: own, resolveFrom, env } = options.context;
  const packages = [options.projectDirectory, options.source.directory, ...resolveFrom].flatMap(installedIn);
  const found = [...packages, ...onPath(env.PATH)];
  const usable = found.find(({ version }) => isAtLeast(version, oldest));
  if (usable !== undefined) return usable;
  const version = options.source.tools.wrangler ?? "latest";
  const tooOld = found[0] === undefined ? "is not installed" : `${found[0].version} is too old`;
  if (!(await options.consent(`wrangler ${tooOld}. Install wrangler ${version} into ${own}?`))) {
    throw new SandboxUnavailableError(`wrangler, Cloudflare's CLI, ${tooOld}`, {
      retryable: false,
      hint: `\`npm install wrangler@${version}\` in the project, or give --yes to have it installed into ${own}.`,
    });
  }
  options.say(`Installing wrangler ${version}`);
  await options.context.installPackage(`wrangler@${version}`);
  const [installed] = installedIn(own);
  if (installed === undefined) {
    throw new SandboxUnavailableError("wrangler was installed but cannot be found", { retryable: false });
  }
  return installed;
}

function requireNode(): void {
  if (isAtLeast(process.versions.node, oldestNode)) return;
  throw new SandboxUnavailableError(
    `wrangler, Cloudflare's own tool, needs Node ${oldestNode.join(".")} or newer; this is ${process.versions.node}`,
    { retryable: false, hint: "Run this command with a newer Node. Everything else works with the current one." },
  );
}

function installedIn(directory: string): readonly Wrangler[] {
  try {
    return [wranglerIn(dirname(createRequire(join(directory, "package.json")).resolve("wrangler/package.json")))];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    return [];
  }
}

/** Resolves npm's link to the program of a globally installed package. */
function onPath(path = ""): readonly Wrangler[] {
  return path.split(":").flatMap((directory) => {
    const manifest = join(directory, "../lib/node_modules/wrangler/package.json");
    return directory !== "" && existsSync(join(directory, "wrangler")) && existsSync(manifest)
      ? [wranglerIn(dirname(manifest))]
      : [];
  });
}

function wranglerIn(directory: string): Wrangler {
  const { version } = JSON.parse(readHostTextSync(join(directory, "package.json")) ?? "{}") as {
    readonly version: string;
  };
  return { file: join(directory, "bin/wrangler.js"), version };
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [givenMajor = 0, givenMinor = 0] = version.split(".").map(Number);
  return givenMajor > major || (givenMajor === major && givenMinor >= minor);
}
