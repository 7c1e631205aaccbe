import type { EgressMode } from "@glovebox/core/provider";

/** What `--network` takes, the narrowest first. */
export const networkModes = ["none", "sealed", "standard", "open"] as const satisfies readonly EgressMode[];

/** What a run has unless something else is said. */
export const defaultNetworkMode: EgressMode = "standard";

/** The narrower of two modes. */
export function narrowerMode(one: EgressMode, other: EgressMode): EgressMode {
  return networkModes.indexOf(one) <= networkModes.indexOf(other) ? one : other;
}
