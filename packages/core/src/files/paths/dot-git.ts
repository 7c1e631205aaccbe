import { lenientName } from "../../host-files/version-control.ts";

/** Whether some disk takes this name for `.git`, in the short form that Windows gives it too. */
export function isDotGit(name: string): boolean {
  return [".git", "git~1"].includes(lenientName(name));
}

/** Whether any segment of the path is `.git`. */
export function hasDotGit(path: string): boolean {
  return path.split("/").some(isDotGit);
}
