import type { ComponentKind } from "../component-kind.ts";
import type { Catalog } from "./catalog.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

/** How `searchCatalogs` searches. Every option may be left out. */
export interface SearchOptions {
  readonly kinds?: readonly ComponentKind[];
  /** 20 by default. */
  readonly limit?: number;
}

/** A component that fits a search, and the source that has it. */
export interface SearchResult {
  readonly source: string;
  readonly entry: CatalogEntry;
}

/** The components whose name, category or description fit `query` best; small misspellings are forgiven. Best first. */
export async function searchCatalogs(
  catalogs: readonly Catalog[],
  query: string,
  options: SearchOptions = {},
): Promise<SearchResult[]> {
  const every = await findIn(catalogs, query, options, "AND");
  // Where nothing has all the words, what has some of them is better than nothing.
  const found = every.length > 0 ? every : await findIn(catalogs, query, options, "OR");
  found.sort((a, b) => b.score - a.score);
  return found.slice(0, options.limit ?? 20).map(({ result }) => result);
}

async function findIn(
  catalogs: readonly Catalog[],
  query: string,
  { kinds }: SearchOptions,
  combineWith: "AND" | "OR",
): Promise<{ readonly score: number; readonly result: SearchResult }[]> {
  const found = catalogs.map(async (catalog) => {
    const index = await catalog.searchIndex();
    const filter = (hit: Readonly<Record<string, unknown>>): boolean =>
      kinds === undefined || kinds.some((kind) => kind === hit.kind);
    return index.search(query, { combineWith, filter }).flatMap((hit) => {
      const entry = catalog.entries[hit.id as number];
      return entry === undefined ? [] : [{ score: hit.score, result: { source: catalog.spec.name, entry } }];
    });
  });
  return (await Promise.all(found)).flat();
}

/** Every component of the catalogs, of the kinds that are asked for. */
export function listCatalogs(catalogs: readonly Catalog[], kinds?: readonly ComponentKind[]): SearchResult[] {
  return catalogs.flatMap((catalog) =>
    catalog.entries
      .filter((entry) => kinds === undefined || kinds.includes(entry.kind))
      .map((entry) => ({ source: catalog.spec.name, entry })),
  );
}
