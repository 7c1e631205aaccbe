import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { parse, resolve } from "node:path";
import { InvalidOptionsError } from "../../errors/index.ts";

/**
 * The real path of a directory of the host that goes into a sandbox; `role` names it in errors: `workspace`. Throws
 * `invalid-options` when it is no directory, or all of the host or of the user's home.
 */
export async function openDirectory(path: string, role: string): Promise<string> {
  const real = await realpath(path).catch((cause) => {
    throw new InvalidOptionsError(`There is no ${role} at ${path}`, { cause });
  });
  if (!(await stat(real)).isDirectory()) throw new InvalidOptionsError(`The ${role} is not a directory: ${path}`);
  const home = resolve(homedir());
  if ([parse(real).root, home, await realpath(home).catch(() => home)].includes(real)) {
    throw new InvalidOptionsError(`The ${role} would be all of ${real}`, {
      hint: "Name a directory in it.",
    });
  }
  return real;
}
