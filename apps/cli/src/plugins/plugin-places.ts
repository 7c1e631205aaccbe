import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The user's own directory of installed providers and harnesses. */
export function packagesDirectory(home: string): string {
  return resolve(home, "packages");
}

/**
 * Where providers and harnesses are looked up: beside this package, beside the command as it was started (a global
 * install may link to it), then in the user's own packages. Never in the current directory.
 */
export function resolveFrom(home: string): string[] {
  const started = process.argv[1];
  const own = dirname(fileURLToPath(import.meta.url));
  return [own, ...(started === undefined ? [] : [dirname(started)]), packagesDirectory(home)];
}
