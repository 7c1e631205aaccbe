import { realpath, stat } from "node:fs/promises";
import { parse } from "node:path";
import { InvalidOptionsError } from "../../errors/index.ts";

/** The real path of a directory that a result may be written to. `invalid-options` for anything else, and for the root. */
export async function openTarget(path: string): Promise<string> {
  const real = await realpath(path).catch((cause) => {
    throw new InvalidOptionsError(`There is no directory at ${path}`, { cause });
  });
  if (real === parse(real).root || !(await stat(real)).isDirectory()) {
    throw new InvalidOptionsError(`A result cannot be applied to ${path}`, {
      hint: "Name the project's own directory",
    });
  }
  return real;
}
