import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The npm registry that this host's configuration names, npm's own where it names none. One whose address holds a password
 * is passed over: it would be seen inside.
 */
export async function npmRegistry(env: NodeJS.ProcessEnv = process.env): Promise<URL> {
  // A missing configuration file means that npm's own default holds.
  const npmrc = await readFile(join(env.HOME || homedir(), ".npmrc"), "utf8").catch(() => "");
  const named = env.npm_config_registry || env.NPM_CONFIG_REGISTRY || /^\s*registry\s*=\s*(\S+)/m.exec(npmrc)?.[1];
  const usable = named !== undefined && URL.canParse(named) && new URL(named).password === "";
  return new URL(usable ? named : "https://registry.npmjs.org/");
}
