/**
 * Where the variables of a sandbox come from. A later layer has priority over the earlier ones:
 * - `template`: `env` of a template's description
 * - `packages`: the user's package registries, as variables of npm, pip and others
 * - `user`: `env` in the user's configuration file
 * - `files`: `--env-file`, in the order given
 * - `flags`: `--env`, in the order given
 * - `components`: what components need, and no layer before sets
 * - `harness`: what the harness sets for its own process
 * - `model`: where the harness finds the model, and the placeholder for its credential
 *
 * A provider adds the variables of its proxy and its certificates below all of them.
 */
export const environmentLayers = [
  "template",
  "packages",
  "user",
  "files",
  "flags",
  "components",
  "harness",
  "model",
] as const;
/** A source of variables for a sandbox's environment. */
export type EnvironmentLayer = (typeof environmentLayers)[number];

/** Merges the layers in their order of priority. */
export function mergeEnvironment<T>(
  layers: { readonly [Layer in EnvironmentLayer]?: Readonly<Record<string, T>> | undefined },
): Record<string, T> {
  return Object.assign({}, ...environmentLayers.map((layer) => layers[layer] ?? {}));
}
