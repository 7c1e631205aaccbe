import { ComponentRefusal } from "../kinds/component-refusal.ts";
import type { SourceSpec } from "../sources/source-spec.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import type { CatalogEntry, CatalogListing } from "./catalog-entry.ts";
import { marketplaceEntries } from "./marketplace-entries.ts";
import { pluginEntries } from "./plugin-entries.ts";
import { pluginPath, readMarketplace, readPluginManifest } from "./plugin-manifest.ts";
import { readEntry } from "./read-entry.ts";
import { templateEntries } from "./template-entries.ts";

type Found = Omit<CatalogEntry, "description">;

const maxDescription = 300;

/** Lists what a source holds, and reads each component once: what cannot be installed is known before it is asked for. */
export async function buildListing(tree: SourceTree, spec: SourceSpec): Promise<CatalogListing> {
  const { found, external } = await findEntries(tree, spec);
  const entries: CatalogEntry[] = [];
  for (const entry of found) entries.push(await describe(tree, entry));
  return { entries: entries.sort(byKindAndName), external };
}

async function findEntries(
  tree: SourceTree,
  spec: SourceSpec,
): Promise<{ found: Found[]; external: CatalogListing["external"] }> {
  if (spec.plugin !== undefined)
    return { found: await pluginEntries(tree, { name: spec.plugin, root: "" }), external: [] };
  const marketplace = await readMarketplace(tree);
  if (marketplace !== undefined) return marketplaceEntries(tree, marketplace);
  if (tree.files.some((file) => file.path === pluginPath)) {
    const { name } = await readPluginManifest(tree, "");
    const plain = (name ?? spec.name).replace(/[/\\:,\s]+/g, "-");
    return { found: await pluginEntries(tree, { name: plain, root: "" }), external: [] };
  }
  return { found: templateEntries(tree), external: [] };
}

async function describe(tree: SourceTree, entry: Found): Promise<CatalogEntry> {
  try {
    const { content } = await readEntry(tree, entry);
    const [missing] = content.missingScripts;
    return {
      ...entry,
      description: shorten(content.description),
      ...(missing === undefined ? {} : { missingScript: missing }),
    };
  } catch (error) {
    if (!(error instanceof ComponentRefusal)) throw error;
    return { ...entry, description: "", problem: error.reason };
  }
}

function shorten(text: string): string {
  const line = text.replaceAll("\\n", " ").replace(/\s+/g, " ").trim();
  return line.length > maxDescription ? `${line.slice(0, maxDescription - 1)}…` : line;
}

function byKindAndName(a: CatalogEntry, b: CatalogEntry): number {
  const [left, right] = [`${a.kind} ${a.name}`, `${b.kind} ${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
