/** Characters that HFS+ leaves out when it compares names. */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * Whether some disk takes this name for `.git`: case, characters that HFS+ does not see, Windows' short name, and the
 * trailing dots, spaces and stream names that NTFS drops.
 */
export function isDotGit(name: string): boolean {
  const plain = name.replace(ignorable, "").toLowerCase();
  return /^(\.git|git~1)[. ]*(:.*)?$/.test(plain);
}

/** Whether any segment of the path is `.git`. */
export function hasDotGit(path: string): boolean {
  return path.split("/").some(isDotGit);
}
