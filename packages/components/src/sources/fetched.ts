import type { SourceTree } from "../tree/source-tree.ts";

/** What a fetch brought. */
export interface Fetched {
  /** A commit, or `sha256:…` of what has none. */
  readonly revision: string;
  readonly tree: SourceTree;
}
