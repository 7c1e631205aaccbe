import type { ComponentKind } from "../component-kind.ts";

/** A component as the lock file pins it. */
export interface LockedComponent {
  readonly kind: ComponentKind;
  /** With its category. */
  readonly name: string;
  /** As `formatSource` writes it. */
  readonly source: string;
  /** Of the source's files that it is made of. */
  readonly sha256: string;
}

/** What `glovebox.lock` says: which commit each source is at, and what each component that was used is made of. */
export interface ComponentLock {
  readonly version: 1;
  /** Commit, or `sha256:…` of what has none, by source. */
  readonly sources: Readonly<Record<string, string>>;
  readonly components: readonly LockedComponent[];
}

/** A lock without sources and components, for a project that has none yet. */
export const emptyLock: ComponentLock = { version: 1, sources: {}, components: [] };
