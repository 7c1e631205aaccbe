import { posix, sep } from "node:path";
import { workspaceDir } from "@glovebox/core/provider";

/** Translates between paths of the editor's folder and paths of the workspace in the sandbox. */
export class FolderPaths {
  /** The folder on the host, as a real path. */
  readonly folder: string;
  readonly #named: string;

  /** `named`: the folder as the editor names it, where that is another path to it. */
  constructor(folder: string, named: string = folder) {
    this.folder = folder;
    this.#named = named;
  }

  /** The path on the host of a path in the workspace; `undefined` for one that is not in it, whatever the sandbox calls it. */
  toHost(path: string): string | undefined {
    const inside = posix.normalize(posix.isAbsolute(path) ? path : `${workspaceDir}/${path}`);
    if (inside !== workspaceDir && !inside.startsWith(`${workspaceDir}/`)) return undefined;
    if (inside.includes("\0")) return undefined;
    return `${this.#named}${inside.slice(workspaceDir.length)}`;
  }

  /** The path in the sandbox of a path on the host; `undefined` for one that is not in the folder. */
  toSandbox(path: string): string | undefined {
    const root = [this.#named, this.folder].find((folder) => path === folder || path.startsWith(`${folder}${sep}`));
    return root === undefined ? undefined : `${workspaceDir}${path.slice(root.length)}`;
  }

  /** A text of the user's, in which paths of the folder lead into the workspace. */
  rewrite(text: string): string {
    return [this.#named, this.folder].reduce((result, folder) => result.replace(pathIn(folder), workspaceDir), text);
  }
}

/** The folder's path where it is a whole path or the beginning of one. */
function pathIn(folder: string): RegExp {
  const escaped = folder.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w./-])${escaped}(?=[/\\s"'\`),:;]|$)`, "g");
}
