import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SourceSpec } from "../sources/source-spec.ts";
import type { CatalogListing } from "./catalog-entry.ts";
import { buildSearchIndex, loadSearchIndex, type SearchIndex } from "./search-index.ts";

/** Raised when components are read differently: listings of another version are made anew. */
const listingVersion = 2;

/** The listing of one tree and its search index, as files of the cache. */
export class ListingCache {
  readonly #dir: string;
  readonly #name: string;

  constructor(cacheDir: string, spec: SourceSpec, digest: string) {
    this.#dir = join(cacheDir, "catalogs");
    // A plugin without a name of its own is listed under its source's.
    const named = createHash("sha256")
      .update(`${spec.name}\n${spec.plugin ?? ""}`)
      .digest("hex")
      .slice(0, 16);
    this.#name = `${digest}-${named}.v${listingVersion}`;
  }

  async read(): Promise<CatalogListing | undefined> {
    const text = await this.#readFile("json");
    try {
      return text === undefined ? undefined : (JSON.parse(text) as CatalogListing);
    } catch {
      // Torn: it is made again.
      return undefined;
    }
  }

  async write(listing: CatalogListing): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    await this.#writeFile("search", JSON.stringify(buildSearchIndex(listing.entries)));
    await this.#writeFile("json", JSON.stringify(listing));
  }

  async searchIndex(listing: CatalogListing): Promise<SearchIndex> {
    const text = await this.#readFile("search");
    try {
      if (text !== undefined) return loadSearchIndex(text);
    } catch {
      // Torn: it is made again.
    }
    return buildSearchIndex(listing.entries);
  }

  async #readFile(extension: string): Promise<string | undefined> {
    return readFile(join(this.#dir, `${this.#name}.${extension}`), "utf8").catch(() => undefined);
  }

  async #writeFile(extension: string, text: string): Promise<void> {
    const path = join(this.#dir, `${this.#name}.${extension}`);
    const temporary = `${path}.${randomUUID()}.tmp`;
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  }
}
