import MiniSearch, { type Options } from "minisearch";
import { baseName } from "./base-name.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

interface SearchDocument {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly kind: string;
  readonly description: string;
}

/** Finds entries by words. A document's `id` is the entry's place in its listing. */
export type SearchIndex = MiniSearch<SearchDocument>;

const options: Options<SearchDocument> = {
  fields: ["name", "category", "kind", "description"],
  storeFields: ["kind"],
  searchOptions: { boost: { name: 6, category: 2 }, prefix: true, fuzzy: 0.2 },
};

export function buildSearchIndex(entries: readonly CatalogEntry[]): SearchIndex {
  const index = new MiniSearch(options);
  index.addAll(
    entries.map((entry, id) => {
      const name = baseName(entry.name);
      const category = entry.name.slice(0, -name.length);
      return { id, name, category, kind: entry.kind, description: entry.description };
    }),
  );
  return index;
}

/** Reads what `JSON.stringify` made of an index: several times as fast as building it. */
export function loadSearchIndex(json: string): SearchIndex {
  return MiniSearch.loadJSON(json, options);
}
