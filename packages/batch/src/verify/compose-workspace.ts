import type { ManifestEntry, PlacedEntry, RunFiles } from "@glovebox/core";
import type { ProtectedPaths } from "./protected-paths.ts";

/** A change of the agent's that is not in the composed workspace. */
export interface WithheldChange {
  readonly kind: string;
  readonly change: ManifestEntry;
  /** What the project has in its place. */
  readonly base: PlacedEntry | undefined;
}

/** A workspace for a verification. */
export interface ComposedWorkspace {
  readonly places: readonly PlacedEntry[];
  /** The agent's changes to protected files, which the places do not have. */
  readonly withheld: readonly WithheldChange[];
  /** Test files that the agent added, which the places do not have either. */
  readonly addedTests: readonly string[];
}

/** The project's own files with the agent's changes, but for those of protected files. */
export function composeWorkspace(files: RunFiles, protection: Pick<ProtectedPaths, "kindOf">): ComposedWorkspace {
  const places = new Map<string, PlacedEntry>(files.base.map((entry) => [entry.path, { entry, from: "base" }]));
  const guarded = guardedPlaces(files, protection);
  const withheld: WithheldChange[] = [];
  const addedTests: string[] = [];
  for (const change of files.changes) {
    const base = places.get(change.path);
    const kind = kindOf(change, base, protection, guarded);
    if (kind === undefined) {
      if (change.change === "deleted") places.delete(change.path);
      else places.set(change.path, { entry: change, from: "result" });
    } else if (change.kind === "directory") {
      // A directory decides nothing by itself: what is in it is looked at one by one.
    } else if (base === undefined && kind === "test") addedTests.push(change.path);
    else withheld.push({ kind, change, base });
  }
  return { places: withoutCovered(places), withheld, addedTests };
}

function kindOf(
  change: ManifestEntry,
  base: PlacedEntry | undefined,
  protection: Pick<ProtectedPaths, "kindOf">,
  guarded: ReadonlySet<string>,
): string | undefined {
  const kind = protection.kindOf(change.path);
  if (kind !== undefined) return kind;
  // A link or a file in the place of a directory would take the protected files in it away.
  if (change.kind !== "directory" && guarded.has(change.path)) return "directory";
  const isDirectory = change.kind === "directory" || base?.entry.kind === "directory";
  return isDirectory && guarded.has(change.path) ? "directory" : undefined;
}

/** The directories that hold protected files of the project. */
function guardedPlaces(files: RunFiles, protection: Pick<ProtectedPaths, "kindOf">): ReadonlySet<string> {
  const guarded = new Set<string>();
  for (const { path, kind } of files.base) {
    if (kind === "directory" || protection.kindOf(path) === undefined) continue;
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) guarded.add(path.slice(0, at));
  }
  return guarded;
}

/** Nothing is below a file or a link: an archive with such an entry would be written through it. */
function withoutCovered(places: ReadonlyMap<string, PlacedEntry>): readonly PlacedEntry[] {
  return [...places.values()].filter(({ entry: { path } }) => {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const above = places.get(path.slice(0, at));
      if (above !== undefined && above.entry.kind !== "directory") return false;
    }
    return true;
  });
}
