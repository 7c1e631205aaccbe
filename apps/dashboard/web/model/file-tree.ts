import type { ManifestEntry } from "@glovebox/client";

export interface TreeRow {
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  readonly depth: number;
  readonly entry: ManifestEntry;
  readonly isDirectory: boolean;
}

/** The files as rows of a tree, directories first, without what is below a folded directory. */
export function treeRows(entries: readonly ManifestEntry[], folded: ReadonlySet<string>): readonly TreeRow[] {
  const children = new Map<string, ManifestEntry[]>();
  for (const entry of withParents(entries)) {
    const parent = entry.path.slice(0, Math.max(0, entry.path.lastIndexOf("/")));
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [entry]);
    else siblings.push(entry);
  }
  const rows: TreeRow[] = [];
  const add = (parent: string, depth: number): void => {
    for (const entry of (children.get(parent) ?? []).sort(byKind)) {
      const isDirectory = entry.kind === "directory";
      const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
      rows.push({ path: entry.path, name, depth, entry, isDirectory });
      if (isDirectory && !folded.has(entry.path)) add(entry.path, depth + 1);
    }
  };
  add("", 0);
  return rows;
}

/** A manifest may leave out directories that only hold others. */
function withParents(entries: readonly ManifestEntry[]): Iterable<ManifestEntry> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const parent = path.slice(0, at);
      if (byPath.has(parent)) break;
      byPath.set(parent, { path: parent, kind: "directory", mode: "0755", change: "unchanged" });
    }
  }
  return byPath.values();
}

function byKind(a: ManifestEntry, b: ManifestEntry): number {
  if ((a.kind === "directory") !== (b.kind === "directory")) return a.kind === "directory" ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}
