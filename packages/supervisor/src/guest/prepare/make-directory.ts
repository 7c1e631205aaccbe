import { chownSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isPrivileged } from "../privilege.ts";
import { asUser, type SandboxUser } from "../processes/as-user.ts";
import { copyTree } from "./copy-tree.ts";

/**
 * Makes a directory of the user's with a copy of what lies in `source`, in one step: a copy that was interrupted begins again.
 * One that is there is left as it is. Throws for anything else in its place.
 */
export function makeDirectory(path: string, source: string, user: SandboxUser): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found !== undefined) throw new Error(`${path} is there and is not a directory`);
  const copy = join(dirname(path), `.${basename(path)}.new`);
  mkdirSync(copy, { recursive: true });
  if (isPrivileged) chownSync(copy, user.uid, user.gid);
  // Root without its capabilities may neither read what is the user's alone nor write there.
  asUser(user, () => {
    for (const name of readdirSync(copy)) rmSync(join(copy, name), { recursive: true, force: true });
    copyTree(source, copy);
  });
  renameSync(copy, path);
}
