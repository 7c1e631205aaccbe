import type { Capabilities, Resources } from "@glovebox/core/provider";
import type { ProviderIdentity } from "../provider-identity.ts";
import { invalidOptions, unsupportedFeature } from "./spec-errors.ts";

/** The least and the most that each limit may be; one that is absent is any number above 0. */
export type ResourceBounds = { readonly [name in keyof Resources]: readonly [least: number, most: number] };

/** Throws for a limit that makes no sense (`invalid-options`) or that the provider does not claim to enforce. */
export function checkResources(
  provider: ProviderIdentity,
  resources: Resources,
  { capabilities, bounds = {} }: { readonly capabilities: Capabilities; readonly bounds?: ResourceBounds | undefined },
): void {
  for (const [key, value] of Object.entries(resources)) {
    if (!Object.hasOwn(capabilities.resources, key)) throw invalidOptions(provider, `Unknown limit ${key}`);
    const name = key as keyof Resources;
    if (value === undefined) continue;
    if (!capabilities.resources[name]) throw unsupportedFeature(provider, `the limit ${name}`);
    checkLimit(provider, { name, value, bounds: bounds[name] });
  }
}

interface Limit {
  readonly name: keyof Resources;
  readonly value: unknown;
  readonly bounds: readonly [least: number, most: number] | undefined;
}

function checkLimit(provider: ProviderIdentity, { name, value, bounds }: Limit): void {
  const [least, most] = bounds ?? [name === "cpus" ? Number.MIN_VALUE : 1, Number.MAX_VALUE];
  const isWhole = name === "cpus" || Number.isInteger(value);
  if (typeof value === "number" && isWhole && value >= least && value <= most) return;
  const range = bounds === undefined ? "above 0" : `from ${least} to ${most}`;
  const kind = name === "cpus" ? "number" : "whole number";
  throw invalidOptions(provider, `Invalid limit ${name}: ${String(value)} is not a ${kind} ${range}`);
}
