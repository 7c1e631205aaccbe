import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

const proxies = ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"];

/** The host's proxies as build arguments: every Dockerfile knows them, and they stay in no image. */
export function proxyBuildArgs(env: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {};
  for (const lower of proxies) {
    for (const name of [lower, lower.toUpperCase()]) if (env[name]) found[name] = env[name];
  }
  return found;
}

/**
 * The npm registry that the host's configuration names, as a build argument. One whose address holds a
 * password is not passed on: build arguments can be read from the image.
 */
export async function registryBuildArgs(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const home = env.HOME || homedir();
  // A missing configuration file means that npm's own default holds.
  const npmrc = await readFile(join(home, ".npmrc"), "utf8").catch(() => "");
  const named = env.npm_config_registry || env.NPM_CONFIG_REGISTRY || /^\s*registry\s*=\s*(\S+)/m.exec(npmrc)?.[1];
  if (named === undefined || !URL.canParse(named)) return {};
  if (new URL(named).password !== "") return {};
  return { NPM_CONFIG_REGISTRY: named };
}
