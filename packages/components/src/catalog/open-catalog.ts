import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSource } from "../sources/open-source.ts";
import { SourceCache } from "../sources/source-cache.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { SourceSpec } from "../sources/source-spec.ts";
import { openTree } from "../tree/open-tree.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import { buildListing } from "./build-listing.ts";
import type { Catalog } from "./catalog.ts";
import type { CatalogListing } from "./catalog-entry.ts";

/** Raised when components are read differently: listings of another version are made anew. */
const listingVersion = 1;

/**
 * Opens a source's catalog; its listing is made once for each revision and kept in the cache. `revision` asks for that
 * very commit. Throws what `openSource` throws, and `invalid-options` for a marketplace that cannot be read.
 */
export async function openCatalog(spec: SourceSpec, context: SourceContext, revision?: string): Promise<Catalog> {
  const cached = await fromCache(spec, context, revision);
  if (cached !== undefined) return cached;
  const source = await openSource(spec, context, revision);
  const path = listingPath(context.cacheDir, spec, source.tree.digest);
  const listing = (await readListing(path)) ?? (await buildListing(source.tree, spec));
  await writeListing(path, listing);
  return { spec, revision: source.revision, ...listing, tree: async () => source.tree };
}

/** Without reading the source's own, far longer, list of files. */
async function fromCache(spec: SourceSpec, context: SourceContext, revision?: string): Promise<Catalog | undefined> {
  const pinned = spec.kind === "archive" ? undefined : revision;
  if (spec.kind === "folder" || (context.refresh === true && pinned === undefined)) return undefined;
  const cache = new SourceCache(context.cacheDir);
  const ref = await cache.find(spec, pinned);
  if (ref === undefined) return undefined;
  const listing = await readListing(listingPath(context.cacheDir, spec, ref.digest));
  if (listing === undefined) return undefined;
  let tree: Promise<SourceTree> | undefined;
  const open = async (): Promise<SourceTree> =>
    (await openTree(cache.treesDir, ref.digest)) ?? (await openSource(spec, context, ref.revision)).tree;
  return {
    spec,
    revision: ref.revision,
    ...listing,
    tree: () => {
      tree ??= open();
      return tree;
    },
  };
}

function listingPath(cacheDir: string, spec: SourceSpec, digest: string): string {
  // A plugin without a name of its own is listed under its source's.
  const name = createHash("sha256")
    .update(`${spec.name}\n${spec.plugin ?? ""}`)
    .digest("hex")
    .slice(0, 16);
  return join(cacheDir, "catalogs", `${digest}-${name}.v${listingVersion}.json`);
}

async function readListing(path: string): Promise<CatalogListing | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as CatalogListing;
  } catch {
    // Missing or torn: it is made again.
    return undefined;
  }
}

async function writeListing(path: string, listing: CatalogListing): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, JSON.stringify(listing), { mode: 0o600 });
  await rename(temporary, path);
}
