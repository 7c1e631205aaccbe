import { homedir } from "node:os";
import { join } from "node:path";

/** A folder below `$GLOVEBOX_HOME`, by default `~/.glovebox`. */
export function gloveboxHome(env: NodeJS.ProcessEnv, folder: string): string {
  return join(env.GLOVEBOX_HOME || join(env.HOME || homedir(), ".glovebox"), folder);
}
