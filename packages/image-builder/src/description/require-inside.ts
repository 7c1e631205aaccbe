import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";

/** A place that a file of others names, and what it may not lead out of. */
export interface InsidePlace {
  readonly root: string;
  /** The directory that the place is relative to. */
  readonly from: string;
  /** As the file has it. */
  readonly place: string;
  /** For messages. */
  readonly what: string;
}

/** Throws `invalid-options` for a place that is outside the root, also by way of links. Resolves to its real path. */
export async function requireInside({ root, from, place, what }: InsidePlace): Promise<string> {
  const path = resolve(from, place);
  const real = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    // What is not there is reported where it is read.
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw new InvalidOptionsError(`${what} cannot be read (${error.code})`, { cause: error });
  });
  const isOut = real === undefined ? isOutside(resolve(root), path) : isOutside(await realpath(root), real);
  if (!isOut) return real ?? path;
  throw new InvalidOptionsError(`${what} is outside ${root}`, {
    hint: "Put what the template needs below that directory; a link does not bring it there.",
  });
}

function isOutside(root: string, path: string): boolean {
  const below = relative(root, path);
  return below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below);
}
