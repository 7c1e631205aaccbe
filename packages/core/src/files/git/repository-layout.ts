import { lenientName } from "../../host-files/version-control.ts";

/** Git takes a directory with a file of this name for a repository, when it also holds {@link isRepositoryLayout}. */
export function isGitHead(path: string): boolean {
  return lenientName(path.slice(path.lastIndexOf("/") + 1)) === "head";
}

/** Whether what a directory holds beside `HEAD` makes a repository of it, whatever the directory is called. */
export function isRepositoryLayout(holds: (name: "objects" | "refs" | "commondir") => boolean): boolean {
  return holds("commondir") || (holds("objects") && holds("refs"));
}

/** What lies in a repository and is never executed: objects and references. */
export function isRepositoryData(pathInRepository: string): boolean {
  return /^(objects\/(?!info\/)|refs\/|logs\/)/.test(pathInRepository);
}

/**
 * What comes back of the repositories of other systems. Their settings name programs that run when anything looks at the
 * repository; so only what is known to be data comes.
 */
const kept: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    ".hg": mercurial(),
    ".sl": mercurial(),
    ".jj": /^(repo(\/(store|op_store|op_heads|index|submodule_store)(\/.*)?)?|working_copy(\/.*)?)$/,
    ".bzr": /^(?!.*\.conf$)(README|branch-format|(branch|checkout|repository)(\/.*)?)$/,
    _darcs:
      /^(format|tentative_.*|hashed_inventory|(inventories|patches|pristine\.hashed|index.*|prefs\/motd|prefs\/author)(\/.*)?|prefs)$/,
    ".pijul": /^(pristine|changes)(\/.*)?$/,
  }),
);

function mercurial(): RegExp {
  const names = ["store", "cache", "wcache", "shelved", "strip-backup", "patches", "requires", "00changelog\\.i"];
  names.push("dirstate.*", "branch", "bookmarks.*", "undo\\..*", "localtags", "last-message\\.txt", "treestate");
  return new RegExp(`^(${names.join("|")})(/.*)?$`);
}

/** Why a path of another version control system's repository is left out, or `undefined`. */
export function foreignRepositoryRefusal(path: string, kind: string): string | undefined {
  const segments = path.split("/");
  for (const [index, segment] of segments.entries()) {
    const name = lenientName(segment);
    const data = kept.get(name);
    if (data === undefined) continue;
    const below = segments.slice(index + 1).join("/");
    if (below === "") {
      if (kind !== "directory") return `a ${segment} that is no directory leads to another repository`;
      continue;
    }
    if (!data.test(below)) return `what is in ${segment} beside commits and files can make the host execute something`;
    if (kind === "symlink" || (name === ".jj" && below === "repo" && kind !== "directory")) {
      return `in ${segment} it could lead to another repository`;
    }
  }
  return undefined;
}
