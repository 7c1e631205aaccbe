import type { ProviderPlugin, SandboxProvider } from "@glovebox/core/provider";
import type { z } from "zod";
import { KitProvider } from "./kit-provider.ts";
import { parseSettings } from "./parse-settings.ts";
import type { ProviderDefinition } from "./provider-definition.ts";
import { ProviderScope } from "./provider-scope.ts";

/** What a provider's package exports: the factory as `createX`, the plugin as `provider`. */
export interface DefinedProvider<Schema extends z.ZodObject> {
  /** Makes a provider. Throws `invalid-options` for settings that are wrong; does no I/O. */
  create(settings?: z.input<Schema>): SandboxProvider;
  /** Loads the provider by the package's name. */
  readonly plugin: ProviderPlugin;
}

/**
 * Makes a provider of what only the provider knows. The rest is done here: the checks that `preflight` and `create` share,
 * the egress of sandboxes without a network, the handle on a sandbox over its supervisor, reconnecting, cleaning up after a
 * failed create, and errors that are all `SandboxError`s.
 *
 * ```ts
 * export const { create: createAcmeProvider, plugin: provider } = defineProvider({
 *   id: "acme",
 *   capabilities,
 *   settings: z.object({ apiUrl: z.url() }),
 *   open: ({ apiUrl }) => new AcmeApi(apiUrl),
 *   …
 * });
 * ```
 */
export function defineProvider<Schema extends z.ZodObject, Context, Plan = undefined>(
  definition: ProviderDefinition<Schema, Context, Plan>,
): DefinedProvider<Schema> {
  const { id, name = id, settings: schema } = definition;
  const create = (settings: unknown = {}): SandboxProvider => {
    const context = definition.open(parseSettings({ id, name }, schema, settings));
    return new KitProvider(new ProviderScope(definition, context));
  };
  return { create, plugin: { specificationVersion: 1, kind: "provider", create } };
}
