import { join } from "node:path";
import {
  type Catalog,
  type ComponentKind,
  defaultSource,
  emptyLock,
  listCatalogs,
  openCatalogs,
  type SearchResult,
  searchCatalogs,
} from "@glovebox/components";

export interface ComponentQuery {
  readonly kind?: ComponentKind | undefined;
  readonly q?: string | undefined;
  readonly limit: number;
}

/** What was found, and how much there is. */
export interface FoundComponents {
  readonly found: readonly SearchResult[];
  readonly total: number;
}

/** The catalog is a repository: it is looked at again after this time. */
const freshMs = 10 * 60_000;
/** More than a catalog has. */
const all = 100_000;

/** The components that runs of this server can ask for. */
export class ComponentCatalog {
  readonly #context: { readonly cacheDir: string; readonly env: Readonly<Record<string, string | undefined>> };
  #opened: { readonly at: number; readonly catalogs: Promise<readonly Catalog[]> } | undefined;

  constructor(home: string, env: Readonly<Record<string, string | undefined>>) {
    this.#context = { cacheDir: join(home, "components"), env };
  }

  /** The best matches first; without words, everything by name. */
  async find({ kind, q = "", limit }: ComponentQuery): Promise<FoundComponents> {
    const catalogs = await this.#open();
    const kinds = kind === undefined ? undefined : [kind];
    const matches =
      q.trim() === ""
        ? listCatalogs(catalogs, kinds)
        : await searchCatalogs(catalogs, q, { limit: all, ...(kinds !== undefined && { kinds }) });
    return { found: matches.slice(0, limit), total: matches.length };
  }

  async #open(): Promise<readonly Catalog[]> {
    const now = performance.now();
    if (this.#opened === undefined || now - this.#opened.at > freshMs) {
      const catalogs = openCatalogs([defaultSource], this.#context, emptyLock);
      this.#opened = { at: now, catalogs };
      // One that could not be fetched is fetched again for the next request.
      catalogs.catch(() => {
        this.#opened = undefined;
      });
    }
    return await this.#opened.catalogs;
  }
}
