import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { ComponentKind } from "../component-kind.ts";
import { ComponentRefusal } from "../kinds/component-refusal.ts";
import type { SourceSpec } from "../sources/source-spec.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import type { CatalogEntry, CatalogListing } from "./catalog-entry.ts";
import { marketplaceEntries } from "./marketplace-entries.ts";
import { pluginEntries } from "./plugin-entries.ts";
import { pluginPath, readMarketplace, readPluginManifest } from "./plugin-manifest.ts";
import { readEntry } from "./read-entry.ts";
import { templateEntries } from "./template-entries.ts";

/** `marketDescription` is what a marketplace says about a plugin that is not at hand. */
type Found = Omit<CatalogEntry, "description"> & { readonly marketDescription?: string };

const maxDescription = 300;

/**
 * Lists what a source holds, and reads each component once: what cannot be installed is known before it is asked for.
 */
export async function buildListing(tree: SourceTree, spec: SourceSpec): Promise<CatalogListing> {
  const { found, external } = await findEntries(tree, spec);
  const entries: CatalogEntry[] = [];
  for (const entry of found) entries.push(await describe(tree, entry));
  return { entries: entries.sort(byKindAndName), external };
}

/**
 * What decides is what lies in the directories: a catalog's `mcps` and `settings` are directories that no plugin has,
 * whatever manifest lies beside them. Only then do manifests speak, and last of all directories that plugins have too.
 */
async function findEntries(
  tree: SourceTree,
  spec: SourceSpec,
): Promise<{ found: Found[]; external: CatalogListing["external"] }> {
  if (spec.plugin !== undefined)
    return { found: await pluginEntries(tree, { name: spec.plugin, root: "" }), external: [] };
  const templates = templateEntries(tree);
  const marketplace = await readMarketplace(tree).catch((error: Error) => error);
  const isMarketplace = marketplace !== undefined && !(marketplace instanceof Error) && marketplace.plugins.length > 0;
  if (templates.some(({ kind, problem }) => isTemplateKind(kind) && problem === undefined)) {
    const beside = isMarketplace ? await marketplaceEntries(tree, marketplace) : { found: [], external: [] };
    const apart = beside.found.filter(({ plugin }) => plugin?.root !== "");
    return { found: withoutTwins([...templates, ...apart]), external: beside.external };
  }
  if (isMarketplace) return marketplaceEntries(tree, marketplace);
  if (tree.files.some((file) => file.path === pluginPath)) {
    const { name } = await readPluginManifest(tree, "");
    const plain = (name ?? spec.name).replace(/[/\\:,\s]+/g, "-");
    return { found: await pluginEntries(tree, { name: plain, root: "" }), external: [] };
  }
  if (templates.length === 0 && marketplace instanceof Error)
    throw new InvalidOptionsError(`The source ${spec.name} cannot be read: ${marketplace.message}`, {
      cause: marketplace,
      hint: "A catalog has directories such as agents/<category>/, or a marketplace.json with a list of plugins.",
    });
  return { found: templates, external: [] };
}

function isTemplateKind(kind: ComponentKind): boolean {
  return kind === "mcp" || kind === "setting";
}

/** Of two of one name the first stays. */
function withoutTwins(found: readonly Found[]): Found[] {
  const known = new Set<string>();
  return found.filter(({ kind, name }) => {
    const key = `${kind} ${name}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

async function describe(tree: SourceTree, found: Found): Promise<CatalogEntry> {
  const { marketDescription, ...entry } = found;
  if (marketDescription !== undefined) return { ...entry, description: shorten(marketDescription) };
  try {
    const { content } = await readEntry(tree, entry);
    const [missing] = content.missingScripts;
    const [obstacle] = content.obstacles;
    return {
      ...entry,
      description: shorten(content.description),
      ...(missing === undefined ? {} : { missingScript: missing }),
      ...(obstacle === undefined ? {} : { obstacle }),
    };
  } catch (error) {
    if (!(error instanceof ComponentRefusal)) throw error;
    return { ...entry, description: "", problem: error.reason };
  }
}

function shorten(text: string): string {
  return safeLine(text.replaceAll("\\n", " "), maxDescription);
}

function byKindAndName(a: CatalogEntry, b: CatalogEntry): number {
  const [left, right] = [`${a.kind} ${a.name}`, `${b.kind} ${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
