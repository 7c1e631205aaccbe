import { posix } from "node:path";
import { badTreePath } from "./tree-path.ts";

const mostSteps = 16;

/**
 * The regular file of the same tree that a link leads to, by the link's path; a link that leads elsewhere is not among
 * them. A hard link's target is a path of the tree, a symbolic link's begins where the link lies.
 */
export function resolveLinks(
  links: ReadonlyMap<string, LinkTarget>,
  hasFile: (path: string) => boolean,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const path of links.keys()) {
    let current: string | undefined = path;
    for (let steps = 0; current !== undefined && !hasFile(current) && steps < mostSteps; steps += 1)
      current = next(current, links.get(current));
    if (current !== undefined && hasFile(current)) found.set(path, current);
  }
  return found;
}

export interface LinkTarget {
  readonly target: string;
  readonly isHard: boolean;
}

/** Why a link that leads to no file of its tree is left out. */
export const strayLink = "is a link that leads to no file of its source";

function next(path: string, link: LinkTarget | undefined): string | undefined {
  if (link === undefined || link.target.startsWith("/")) return undefined;
  const place = link.isHard ? link.target : posix.join(posix.dirname(path), link.target);
  return badTreePath(place) === undefined ? place : undefined;
}
