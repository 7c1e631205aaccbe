import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where Glovebox keeps its state: `$GLOVEBOX_HOME`, or `~/.glovebox`. An absolute path. */
export function stateDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env.GLOVEBOX_HOME ? resolve(env.GLOVEBOX_HOME) : join(env.HOME || homedir(), ".glovebox");
}
