import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import type { SourceTree } from "../tree/source-tree.ts";

const paths = z.union([z.string(), z.array(z.string())]);
const table = z.record(z.string(), z.unknown());

/** What a plugin says it holds, in its own `plugin.json` or in its marketplace. Unknown fields are read over. */
const pluginSchema = z.object({
  name: z.string().optional(),
  commands: paths.or(table).optional().catch(undefined),
  agents: paths.optional().catch(undefined),
  skills: paths.optional().catch(undefined),
  hooks: z.union([paths, table]).optional().catch(undefined),
  mcpServers: z.union([paths, table]).optional().catch(undefined),
});

const marketplaceSchema = z.object({
  name: z.string().optional(),
  metadata: z.object({ pluginRoot: z.string().optional() }).optional(),
  plugins: z.array(
    pluginSchema.extend({
      name: z.string(),
      source: z.union([z.string(), z.looseObject({ source: z.string() })]),
      strict: z.boolean().optional(),
    }),
  ),
});

export type PluginManifest = z.infer<typeof pluginSchema>;
export type Marketplace = z.infer<typeof marketplaceSchema>;

export const marketplacePath = ".claude-plugin/marketplace.json";
export const pluginPath = ".claude-plugin/plugin.json";

/** The marketplace of a tree; `undefined` when it has none. */
export async function readMarketplace(tree: SourceTree): Promise<Marketplace | undefined> {
  const json = await readManifest(tree, marketplacePath);
  if (json === undefined) return undefined;
  const parsed = marketplaceSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InvalidOptionsError(
    `${marketplacePath} is no marketplace: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
  );
}

/** The manifest of the plugin in `root`; empty when it has none, which a plugin need not. */
export async function readPluginManifest(tree: SourceTree, root: string): Promise<PluginManifest> {
  const path = root === "" ? pluginPath : `${root}/${pluginPath}`;
  const parsed = pluginSchema.safeParse((await readManifest(tree, path)) ?? {});
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
