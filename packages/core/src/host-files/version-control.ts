/** Characters that HFS+ leaves out when it compares names. */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** A name as the most lenient disk compares it: without case, and without what HFS+ and NTFS do not see. */
export function lenientName(name: string): string {
  return name
    .replace(ignorable, "")
    .toLowerCase()
    .replace(/:.*$/, "")
    .replace(/[. ]+$/, "");
}

const directories: ReadonlySet<string> = new Set([
  ...[".git", "git~1", ".hg", ".jj", ".sl", ".svn", ".bzr", ".pijul", "_darcs"],
]);

/** Whether some disk takes this name for the directory of a version control system, whose files are programs. */
export function isVersionControl(name: string): boolean {
  return directories.has(lenientName(name));
}

/** Whether a directory that holds these names is a git repository without a work tree. */
export function isBareRepository(names: readonly string[]): boolean {
  const present = new Set(names.map(lenientName));
  return present.has("head") && (present.has("commondir") || (present.has("objects") && present.has("refs")));
}
