import type { SourceTree } from "../tree/source-tree.ts";
import type { PlacedFile } from "./component-content.ts";
import { ComponentRefusal } from "./component-refusal.ts";
import { unixLines } from "./text/unix-lines.ts";

export interface DirectoryFiles {
  readonly files: readonly PlacedFile[];
  readonly warnings: readonly string[];
}

/**
 * Every file of a directory of the source (with a slash at its end, or empty for all of it), to be placed in `place`.
 * Links that lead nowhere are left out with a warning; anything else that cannot be installed refuses the whole.
 */
export async function directoryFiles(tree: SourceTree, directory: string, place: string): Promise<DirectoryFiles> {
  const left = tree.refused.filter((entry) => entry.path.startsWith(directory));
  const missing = left.find(({ isLink }) => isLink !== true);
  if (missing !== undefined)
    throw new ComponentRefusal(`holds ${missing.path.slice(directory.length)}, which ${missing.reason}`);
  const files: PlacedFile[] = [];
  for (const file of tree.files) {
    if (!file.path.startsWith(directory)) continue;
    const bytes = unixLines(file.path, await tree.read(file.path));
    files.push({
      path: `${place}/${file.path.slice(directory.length)}`,
      mode: modeOf(file.path, file.mode, bytes),
      bytes,
    });
  }
  return {
    files,
    warnings: left.map(({ path, reason }) => `It leaves out ${path.slice(directory.length)}, which ${reason}`),
  };
}

/** claude-code-templates makes every script executable; many are not in their repositories. */
function modeOf(path: string, mode: number, bytes: Uint8Array): number {
  const isScript = (bytes[0] === 0x23 && bytes[1] === 0x21) || /\.(sh|bash|py)$/.test(path);
  return isScript ? 0o755 : mode;
}
