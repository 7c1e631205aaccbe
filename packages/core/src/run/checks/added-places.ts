import { basename, posix, resolve } from "node:path";
import { InvalidOptionsError } from "../../errors/index.ts";
import { sandboxUser } from "../../provider/sandbox.ts";
import { safeName } from "../../text/safe-name.ts";
import type { RunSpec } from "../run-spec.ts";

/** A directory of the host, and where its copy is in the sandbox. */
export interface AddedPlace {
  readonly source: string;
  readonly target: string;
}

/** Outside the workspace: nothing here comes back. */
const parent = posix.join(sandboxUser.home, "reference");
const mostDirectories = 16;

/** Returns where the added directories of a run go. Throws `invalid-options` for what the sandbox or the harness cannot have. */
export function addedPlaces({
  addedDirectories = [],
  harness,
}: Pick<RunSpec, "addedDirectories" | "harness">): readonly AddedPlace[] {
  if (addedDirectories.length === 0) return [];
  if (harness.addedDirectories !== true) {
    throw new InvalidOptionsError(`The harness ${harness.id} takes no directories beside the workspace`, {
      hint: "Leave them out, or choose another harness.",
    });
  }
  if (addedDirectories.length > mostDirectories) {
    throw new InvalidOptionsError(
      `At most ${mostDirectories} directories can be added, not ${addedDirectories.length}`,
    );
  }
  const places = addedDirectories.map((source) => ({ source, target: posix.join(parent, nameOf(source)) }));
  for (const [index, { source, target }] of places.entries()) {
    const other = places.slice(0, index).find((earlier) => earlier.target === target);
    if (other === undefined) continue;
    throw new InvalidOptionsError(
      `Two added directories have one name in the sandbox: ${safeName(other.source)} and ${safeName(source)}`,
      { hint: "Rename one of them, or add the directory that holds both." },
    );
  }
  return places;
}

function nameOf(source: string): string {
  const name = basename(resolve(source));
  if (!/^[^\p{C}\\]+$/u.test(name)) {
    throw new InvalidOptionsError(`The added directory ${safeName(source)} has no name that a sandbox can have`);
  }
  return name;
}
