import { createHash } from "node:crypto";
import type { RefusedEntry, TreeFile } from "./source-tree.ts";

/** One hash over everything that a tree holds. Both lists are in the order of their paths. */
export function treeDigest(files: readonly TreeFile[], refused: readonly RefusedEntry[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file.mode.toString(8)} ${file.sha256} ${file.path}\n`);
  for (const entry of refused) hash.update(`refused ${JSON.stringify([entry.path, entry.reason])}\n`);
  return hash.digest("hex");
}

/** In plain code-unit order: the same on every machine, whatever its language. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
