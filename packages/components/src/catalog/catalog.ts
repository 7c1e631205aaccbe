import type { SourceSpec } from "../sources/source-spec.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import type { CatalogEntry, ExternalPlugin } from "./catalog-entry.ts";
import type { SearchIndex } from "./search-index.ts";

/** A source at one revision, and what it holds. */
export interface Catalog {
  readonly spec: SourceSpec;
  /** A commit, or `sha256:…` of what has none. */
  readonly revision: string;
  readonly entries: readonly CatalogEntry[];
  readonly external: readonly ExternalPlugin[];
  /** Its files, read from the cache when they are first asked for. */
  tree(): Promise<SourceTree>;
  /** What `searchCatalogs` looks through. */
  searchIndex(): Promise<SearchIndex>;
}
