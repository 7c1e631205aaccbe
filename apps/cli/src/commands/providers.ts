import type { Cli } from "../cli.ts";
import { pluginsCommand } from "./plugins.ts";

/** `glovebox providers`. */
export function providersCommand(cli: Cli) {
  return pluginsCommand(cli, "provider", "where sandboxes run");
}
