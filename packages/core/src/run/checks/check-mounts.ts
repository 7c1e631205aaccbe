import { realpathSync } from "node:fs";
import { sep } from "node:path";
import { InvalidOptionsError } from "../../errors/index.ts";
import type { RunSpec } from "../run-spec.ts";

/** Throws for a mount of Glovebox's own state directory, which has the journals and the results of every run, or of what holds it. */
export function checkMounts({ mounts = [], home }: Pick<RunSpec, "mounts" | "home">): void {
  const state = realPath(home);
  for (const mount of mounts) {
    const source = realPath(mount.source);
    if (source !== state && !source.startsWith(`${state}${sep}`) && !state.startsWith(`${source}${sep}`)) continue;
    throw new InvalidOptionsError(`The mount ${mount.source} is refused: it is or holds Glovebox's own state`, {
      hint: "Mount a directory of its own.",
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
