import MiniSearch from "minisearch";
import type { ComponentKind } from "../component-kind.ts";
import type { Catalog } from "./catalog.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

export interface SearchOptions {
  readonly kinds?: readonly ComponentKind[];
  /** 20 unless told otherwise. */
  readonly limit?: number;
}

export interface SearchResult {
  readonly source: string;
  readonly entry: CatalogEntry;
}

/** The components whose name, category or description fit `query` best; small misspellings are forgiven. Best first. */
export function searchCatalogs(
  catalogs: readonly Catalog[],
  query: string,
  options: SearchOptions = {},
): SearchResult[] {
  const results = listCatalogs(catalogs, options.kinds);
  const index = new MiniSearch<{ id: number; name: string; category: string; kind: string; description: string }>({
    fields: ["name", "category", "kind", "description"],
    searchOptions: { boost: { name: 6, category: 2 }, prefix: true, fuzzy: 0.2, combineWith: "AND" },
  });
  index.addAll(
    results.map(({ entry }, id) => {
      const slash = entry.name.lastIndexOf("/");
      const [category, name] = [entry.name.slice(0, Math.max(slash, 0)), entry.name.slice(slash + 1)];
      return { id, name, category, kind: entry.kind, description: entry.description };
    }),
  );
  const hits = index.search(query);
  const best = hits.length > 0 ? hits : index.search(query, { combineWith: "OR" });
  return best.slice(0, options.limit ?? 20).flatMap((hit) => results[hit.id as number] ?? []);
}

/** Every component of the catalogs, of the kinds that are asked for. */
export function listCatalogs(catalogs: readonly Catalog[], kinds?: readonly ComponentKind[]): SearchResult[] {
  return catalogs.flatMap((catalog) =>
    catalog.entries
      .filter((entry) => kinds === undefined || kinds.includes(entry.kind))
      .map((entry) => ({ source: catalog.spec.name, entry })),
  );
}
