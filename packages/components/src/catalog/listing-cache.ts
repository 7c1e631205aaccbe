import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeHostDirectory, readHostText } from "@glovebox/core/host-files";
import { replaceFile } from "@glovebox/core/state";
import { formatSource } from "../sources/format-source.ts";
import type { SourceSpec } from "../sources/source-spec.ts";
import type { CatalogListing } from "./catalog-entry.ts";
import { buildSearchIndex, loadSearchIndex, type SearchIndex } from "./search-index.ts";

/** Raised when components are read differently: listings of another version are recreated. */
const listingVersion = 4;

/** The listing of one tree and its search index, as files of the cache. */
const maxListingBytes = 256 * 1024 * 1024;

export class ListingCache {
  readonly #dir: string;
  readonly #name: string;
  /** What the listings of earlier states of a directory end with; those of a source that was fetched stay. */
  readonly #olderEnd: string | undefined;

  constructor(cacheDir: string, spec: SourceSpec, digest: string) {
    this.#dir = join(cacheDir, "catalogs");
    // A plugin without a name of its own is listed under its source's.
    const named = createHash("sha256")
      .update(`${spec.name}\n${spec.plugin ?? ""}${spec.kind === "directory" ? `\n${formatSource(spec)}` : ""}`)
      .digest("hex")
      .slice(0, 16);
    this.#name = `${digest}-${named}.v${listingVersion}`;
    this.#olderEnd = spec.kind === "directory" ? `-${named}.v${listingVersion}` : undefined;
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
    await makeHostDirectory(this.#dir, 0o700);
    await this.#writeFile("search", JSON.stringify(buildSearchIndex(listing.entries)));
    await this.#writeFile("json", JSON.stringify(listing));
    if (this.#olderEnd !== undefined) await this.#removeOlder(this.#olderEnd);
  }

  /** A directory changes often, and nobody asks for what it was. */
  async #removeOlder(end: string): Promise<void> {
    for (const file of await readdir(this.#dir)) {
      const [name] = /^.*(?=\.(?:json|search)$)/.exec(file) ?? [];
      if (name?.endsWith(end) && name !== this.#name) await rm(join(this.#dir, file), { force: true });
    }
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
    const path = join(this.#dir, `${this.#name}.${extension}`);
    return readHostText(path, { maxBytes: maxListingBytes }).catch(() => undefined);
  }

  async #writeFile(extension: string, text: string): Promise<void> {
    await replaceFile(join(this.#dir, `${this.#name}.${extension}`), text);
  }
}
