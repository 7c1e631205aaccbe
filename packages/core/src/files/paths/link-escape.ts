import { safeName } from "../../text/safe-name.ts";
import { parentOf } from "./parent-of.ts";

/** As many links as Linux follows before it gives up; macOS gives up sooner. */
const maxHops = 40;
const maxTargetLength = 4096;

/**
 * Why a symlink must not be made, or `undefined` when following it never leaves the directory. Other links on its way are
 * followed as the disk would; `linkAt` gives the target of the link at a path, if there is one.
 */
export function linkEscape(
  path: string,
  target: string,
  linkAt: (path: string) => string | undefined,
): string | undefined {
  if (target === "" || target.includes("\0")) return "its target is empty or holds a NUL byte";
  if (target.length > maxTargetLength) return "its target is too long";
  let here = parentOf(path);
  const ahead = target.split("/").reverse();
  if (target.startsWith("/")) return `it points to an absolute path: ${safeName(target)}`;
  for (let hops = 0; ahead.length > 0; ) {
    const segment = ahead.pop();
    if (segment === undefined || segment === "" || segment === ".") continue;
    if (segment === "..") {
      if (here === "") return `it points out of the directory: ${safeName(target)}`;
      here = parentOf(here);
      continue;
    }
    const next = here === "" ? segment : `${here}/${segment}`;
    const link = linkAt(next);
    if (link === undefined) {
      here = next;
      continue;
    }
    hops += 1;
    if (hops > maxHops || ahead.length > maxTargetLength) return "it points to itself by way of other links";
    if (link.startsWith("/")) return `it points out of the directory by way of ${safeName(next)}: ${safeName(target)}`;
    ahead.push(...link.split("/").reverse());
  }
  return undefined;
}
