import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import type { SourceTree } from "../tree/source-tree.ts";

const paths = z.union([z.string(), z.array(z.string())]);
const table = z.record(z.string(), z.unknown());

/** What a plugin says it holds, in its own `plugin.json` or in its marketplace. Unknown fields are read over. */
const pluginSchema = z.object({
  name: z.string().optional(),
  description: z.string().optional().catch(undefined),
  commands: paths.or(table).optional().catch(undefined),
  agents: paths.optional().catch(undefined),
  skills: paths.optional().catch(undefined),
  hooks: z.union([paths, table]).optional().catch(undefined),
  mcpServers: z.union([paths, table]).optional().catch(undefined),
});

const marketplacePluginSchema = pluginSchema.loose().extend({
  name: z.string(),
  source: z.union([z.string(), z.looseObject({ source: z.string() })]),
  strict: z.boolean().optional(),
});

const marketplaceSchema = z.object({
  metadata: z.object({ pluginRoot: z.string().optional() }).optional().catch(undefined),
  plugins: z.array(z.unknown()),
});

export type PluginManifest = z.infer<typeof pluginSchema>;
export type MarketplacePlugin = z.infer<typeof marketplacePluginSchema>;

export interface Marketplace {
  /** The directory that the plugins' relative places begin in. */
  readonly pluginRoot?: string | undefined;
  /** Those that can be read; one that cannot does not take the others with it. */
  readonly plugins: readonly MarketplacePlugin[];
}

export const marketplacePath = ".claude-plugin/marketplace.json";
export const pluginPath = ".claude-plugin/plugin.json";

/** The marketplace of a tree; `undefined` when it has none. Throws `invalid-options` for a file of another shape. */
export async function readMarketplace(tree: SourceTree): Promise<Marketplace | undefined> {
  const json = await readManifest(tree, marketplacePath);
  if (json === undefined) return undefined;
  const parsed = marketplaceSchema.safeParse(json);
  if (!parsed.success)
    throw new InvalidOptionsError(`${marketplacePath} is not a marketplace: it has no list of plugins`);
  const plugins = parsed.data.plugins.flatMap((plugin) => {
    const read = marketplacePluginSchema.safeParse(plugin);
    return read.success ? [read.data] : [];
  });
  return { pluginRoot: parsed.data.metadata?.pluginRoot, plugins };
}

/**
 * The manifest of the plugin in `root`; empty when it has none, which a plugin need not, or one that cannot be read.
 */
export async function readPluginManifest(tree: SourceTree, root: string): Promise<PluginManifest> {
  const path = root === "" ? pluginPath : `${root}/${pluginPath}`;
  const json = await readManifest(tree, path).catch(() => undefined);
  const parsed = pluginSchema.safeParse(json ?? {});
  return parsed.success ? parsed.data : {};
}

async function readManifest(tree: SourceTree, path: string): Promise<unknown> {
  if (!tree.files.some((file) => file.path === path)) return undefined;
  try {
    return JSON.parse((await tree.read(path)).toString("utf8").replace(/^\ufeff/, ""));
  } catch (cause) {
    throw new InvalidOptionsError(`${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
