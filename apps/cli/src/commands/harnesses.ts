import type { Cli } from "../cli.ts";
import { pluginsCommand } from "./plugins.ts";

/** `glovebox harnesses`. */
export function harnessesCommand(cli: Cli) {
  return pluginsCommand(cli, "harness", "the coding agents");
}
