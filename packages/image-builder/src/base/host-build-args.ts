import { homedir } from "node:os";
import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";

/**
 * The npm registry that the host's configuration names, as a build argument. One whose address holds a
 * password is not passed on: build arguments can be read from the image.
 */
export async function registryBuildArgs(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const home = env.HOME || homedir();
  // A missing configuration file means that npm's own default holds.
  const npmrc = (await readHostText(join(home, ".npmrc")).catch(() => undefined)) ?? "";
  const named = env.npm_config_registry || env.NPM_CONFIG_REGISTRY || /^\s*registry\s*=\s*(\S+)/m.exec(npmrc)?.[1];
  if (named === undefined || !URL.canParse(named)) return {};
  if (new URL(named).password !== "") return {};
  return { NPM_CONFIG_REGISTRY: named };
}
