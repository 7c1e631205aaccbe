import { posix, sep } from "node:path";
import { workspaceDir } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";

/** Translates between paths of the editor's directory and paths of the workspace in the sandbox. */
export class DirectoryPaths {
  /** The directory on the host, as a real path. */
  readonly directory: string;
  readonly #named: string;

  /** `named`: the directory as the editor names it, where that is another path to it. */
  constructor(directory: string, named: string = directory) {
    this.directory = directory;
    this.#named = named;
  }

  /** The path on the host of a path in the workspace; `undefined` for one that is not in it, whatever the sandbox calls it. */
  toHost(path: string): string | undefined {
    const inside = posix.normalize(posix.isAbsolute(path) ? path : `${workspaceDir}/${path}`);
    if (inside !== workspaceDir && !inside.startsWith(`${workspaceDir}/`)) return undefined;
    // Nor one that an editor would not show as it is.
    if (safeName(inside, inside.length) !== inside) return undefined;
    return `${this.#named}${inside.slice(workspaceDir.length)}`;
  }

  /** The path in the sandbox of a path on the host; `undefined` for one that is not in the directory. */
  toSandbox(path: string): string | undefined {
    const root = [this.#named, this.directory].find(
      (directory) => path === directory || path.startsWith(`${directory}${sep}`),
    );
    return root === undefined ? undefined : `${workspaceDir}${path.slice(root.length)}`;
  }

  /** A text of the user's, in which paths of the directory lead into the workspace. */
  rewrite(text: string): string {
    return [this.#named, this.directory].reduce(
      (result, directory) => result.replace(pathIn(directory), workspaceDir),
      text,
    );
  }
}

/** The directory's path where it is a whole path or the beginning of one. */
function pathIn(directory: string): RegExp {
  const escaped = directory.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}_./-])${escaped}(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}_])`, "gu");
}
