import { existsSync } from "node:fs";
import { join } from "node:path";

/** Whether a folder is a template: the supervisor is the first thing that is put into one. */
export function isTemplate(folder: string): boolean {
  return existsSync(join(folder, "supervisor.cjs"));
}
