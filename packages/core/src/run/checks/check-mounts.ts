import { realpathSync } from "node:fs";
import { sep } from "node:path";
import { InvalidOptionsError } from "../../errors/index.ts";
import type { RunSpec } from "../run-spec.ts";

/**
 * Throws for a mount or an added directory that is Glovebox's own state directory, which has the journals and the results of
 * every run, lies in it or holds it.
 */
export function checkMounts({
  mounts = [],
  addedDirectories = [],
  home,
}: Pick<RunSpec, "mounts" | "addedDirectories" | "home">): void {
  const state = realPath(home);
  const named = [
    ...mounts.map(({ source }) => ({ name: `The mount ${source}`, path: source, hint: "Mount" })),
    ...addedDirectories.map((path) => ({ name: `The added directory ${path}`, path, hint: "Add" })),
  ];
  for (const { name, path, hint } of named) {
    const source = realPath(path);
    if (source !== state && !source.startsWith(`${state}${sep}`) && !state.startsWith(`${source}${sep}`)) continue;
    throw new InvalidOptionsError(`${name} is refused: it is or holds Glovebox's own state`, {
      hint: `${hint} a directory of its own.`,
    });
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It is not there yet.
    return path;
  }
}
