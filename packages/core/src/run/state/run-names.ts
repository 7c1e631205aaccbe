import { readdirSync } from "node:fs";
import { join } from "node:path";
import { stateDirectoryError } from "../../state/state-directory-error.ts";

/** The ids of every run that has a directory, the newest first. */
export function runNames(home: string): string[] {
  try {
    return readdirSync(join(home, "runs")).sort().reverse();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw stateDirectoryError(home, error);
  }
}
