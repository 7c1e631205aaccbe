import { SandboxAbortedError, SandboxError, SandboxFileError } from "@glovebox/core/provider";
import { formatSource } from "../sources/format-source.ts";
import { openSource } from "../sources/open-source.ts";
import { SourceCache } from "../sources/source-cache.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { SourceSpec } from "../sources/source-spec.ts";
import { withoutCredentials } from "../sources/without-credentials.ts";
import { openTree } from "../tree/open-tree.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import type { Catalog } from "./catalog.ts";
import type { CatalogListing } from "./catalog-entry.ts";
import { ListingCache } from "./listing-cache.ts";

/**
 * Opens a source's catalog; its listing is made once for each revision and kept in the cache. `revision` asks for that
 * very commit. Throws what `openSource` throws, and `invalid-options` for a marketplace that cannot be read.
 */
export async function openCatalog(spec: SourceSpec, context: SourceContext, revision?: string): Promise<Catalog> {
  try {
    return await open(spec, context, revision);
  } catch (cause) {
    if (SandboxError.isInstance(cause)) throw cause;
    if (context.signal?.aborted) throw new SandboxAbortedError("Fetching components was cancelled", { cause });
    const source = withoutCredentials(formatSource(spec));
    throw new SandboxFileError(`${source} could not be read into the cache: ${(cause as Error).message}`, { cause });
  }
}

async function open(spec: SourceSpec, context: SourceContext, revision?: string): Promise<Catalog> {
  const cached = await fromCache(spec, context, revision);
  if (cached !== undefined) return cached;
  const { tree, ...source } = await openSource(spec, context, revision);
  const listings = new ListingCache(context.cacheDir, spec, tree.digest);
  const known = await listings.read();
  const listing = known ?? (await makeListing(tree, spec));
  if (known === undefined) await listings.write(listing);
  return { ...source, ...listing, tree: async () => tree, searchIndex: () => listings.searchIndex(listing) };
}

/** Loaded when a listing is made: a search in the cache has no use for what reads components. */
async function makeListing(tree: SourceTree, spec: SourceSpec): Promise<CatalogListing> {
  const { buildListing } = await import("./build-listing.ts");
  return buildListing(tree, spec);
}

/** Without reading the source's own, far longer, list of files. */
async function fromCache(spec: SourceSpec, context: SourceContext, revision?: string): Promise<Catalog | undefined> {
  const pinned = spec.kind === "archive" ? undefined : revision;
  if (spec.kind === "directory" || (context.refresh === true && pinned === undefined)) return undefined;
  const cache = new SourceCache(context.cacheDir);
  const ref = await cache.find(spec, pinned);
  if (ref === undefined) return undefined;
  const listings = new ListingCache(context.cacheDir, spec, ref.digest);
  const listing = await listings.read();
  if (listing === undefined) return undefined;
  let tree: Promise<SourceTree> | undefined;
  const reopen = async (): Promise<SourceTree> =>
    (await openTree(cache.treesDir, ref.digest)) ?? (await openSource(spec, context, ref.revision)).tree;
  return {
    spec,
    revision: ref.revision,
    ...listing,
    tree: () => {
      tree ??= reopen();
      return tree;
    },
    searchIndex: () => listings.searchIndex(listing),
  };
}
