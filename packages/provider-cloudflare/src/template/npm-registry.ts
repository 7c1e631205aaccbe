import { homedir } from "node:os";
import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";

/**
 * Returns the npm registry of this host's configuration, by default npm's own. Ignores a registry with a password in its URL,
 * which would be visible inside.
 */
export async function npmRegistry(env: NodeJS.ProcessEnv = process.env): Promise<URL> {
  // Without a configuration file, npm's default applies.
  const npmrc = (await readHostText(join(env.HOME || homedir(), ".npmrc")).catch(() => undefined)) ?? "";
  const configured = env.npm_config_registry || env.NPM_CONFIG_REGISTRY || /^\s*registry\s*=\s*(\S+)/m.exec(npmrc)?.[1];
  const usable = configured !== undefined && URL.canParse(configured) && new URL(configured).password === "";
  return new URL(usable ? configured : "https://registry.npmjs.org/");
}
