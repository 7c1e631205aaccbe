import { realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";
import type { BuildContext } from "@glovebox/image-builder/description";

/**
 * Throws `invalid-options` for a link to a directory of this machine in a copied build context. E2B's SDK reads what a path names here,
 * through such links too; an engine would not.
 */
export async function refuseOutwardLinks(
  directory: string,
  files: readonly Pick<BuildContext["files"][number], "name" | "link">[],
): Promise<void> {
  const root = await realpath(directory);
  for (const { name, link } of files) {
    if (link === undefined) continue;
    const path = await realpath(join(root, name)).catch(() => undefined);
    // One that leads nowhere, or to a file, is copied as a link.
    if (path === undefined || !(await stat(path)).isDirectory()) continue;
    const below = relative(root, path);
    if (below !== ".." && !below.startsWith(`..${sep}`)) continue;
    throw new InvalidOptionsError(`E2B cannot build with ${safeName(name)}, a link out of the build context`, {
      providerId: "e2b",
      hint: "Remove the link, or leave it out with .dockerignore.",
    });
  }
}
