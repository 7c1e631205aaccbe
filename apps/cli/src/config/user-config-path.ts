import { join } from "node:path";

/** The user's own configuration file in a state directory. */
export function userConfigPath(home: string): string {
  return join(home, "config.json");
}
