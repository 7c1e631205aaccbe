import type { SourceTree } from "../tree/source-tree.ts";
import { badTreePath } from "../tree/tree-path.ts";
import type { CatalogEntry, ExternalPlugin } from "./catalog-entry.ts";
import { pluginEntries } from "./plugin-entries.ts";
import type { Marketplace, MarketplacePlugin } from "./plugin-manifest.ts";

type Found = Omit<CatalogEntry, "description"> & { readonly marketDescription?: string };
type PluginSource = MarketplacePlugin["source"];

/** The components of every plugin that lies in the marketplace's own repository, and where the others lie. */
export async function marketplaceEntries(
  tree: SourceTree,
  marketplace: Marketplace,
): Promise<{ readonly found: Found[]; readonly external: ExternalPlugin[] }> {
  const found: Found[] = [];
  const external: ExternalPlugin[] = [];
  for (const plugin of marketplace.plugins) {
    if (badTreePath(plugin.name) !== undefined || plugin.name.includes("/")) continue;
    const root = localRoot(plugin.source, marketplace.pluginRoot);
    const source = root === undefined ? externalSource(plugin.source) : undefined;
    if (root !== undefined)
      found.push(...(await pluginEntries(tree, { name: plugin.name, root }, plugin, plugin.strict !== false)));
    else {
      const description = { marketDescription: plugin.description ?? "" };
      const entry = { kind: "plugin" as const, name: plugin.name, path: "", ...description };
      if (source === undefined)
        found.push({ ...entry, problem: "lies where nothing is fetched from: neither git nor a directory" });
      else {
        external.push({ name: plugin.name, source });
        found.push({ ...entry, external: source });
      }
    }
  }
  return { found, external };
}

function localRoot(source: PluginSource, pluginRoot: string | undefined): string | undefined {
  if (typeof source !== "string") return undefined;
  const parts = [source.startsWith("./") ? undefined : pluginRoot, source].filter((part) => part !== undefined);
  const path = parts
    .join("/")
    .replace(/^(\.\/)+/, "")
    .replace(/\/+$/, "");
  return path === "" || path === "." ? "" : badTreePath(path) === undefined ? path : undefined;
}

/** In the syntax of `parseSource`. Kinds that are no repository (npm, pip) have none. */
function externalSource(source: PluginSource): string | undefined {
  if (typeof source === "string") return undefined;
  const text = (key: string): string => (typeof source[key] === "string" ? source[key] : "");
  const ref = text("sha") || text("ref");
  const suffix = ref === "" && text("path") === "" ? "" : `#${ref}${text("path") === "" ? "" : `:${text("path")}`}`;
  if (source.source === "github" && text("repo") !== "") return `github:${text("repo")}${suffix}`;
  if ((source.source === "url" || source.source === "git-subdir") && text("url") !== "")
    return `${text("url")}${suffix}`;
  return undefined;
}
