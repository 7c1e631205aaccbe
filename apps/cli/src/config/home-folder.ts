import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Environment } from "../terminal.ts";

/** The state folder: `$GLOVEBOX_HOME`, or ~/.glovebox. */
export function homeFolder(env: Environment): string {
  return env.GLOVEBOX_HOME ? resolve(env.GLOVEBOX_HOME) : join(env.HOME || homedir(), ".glovebox");
}
