import type { Capabilities } from "@glovebox/core/provider";
import type { ProviderIdentity } from "../provider-identity.ts";
import { invalidOptions } from "./spec-errors.ts";

/** The longest lease that one timer can hold, in milliseconds: 20 days. */
export const longestTtlMs = 20 * 24 * 60 * 60 * 1000;

/** Throws `invalid-options` for a lease that the provider does not grant. */
export function checkTtl(
  provider: ProviderIdentity,
  ttlMs: number,
  { maxTtlMs }: Pick<Capabilities, "maxTtlMs">,
): void {
  const most = Math.min(maxTtlMs ?? longestTtlMs, longestTtlMs);
  if (Number.isFinite(ttlMs) && ttlMs >= 1 && ttlMs <= most) return;
  throw invalidOptions(provider, `Invalid lease of ${ttlMs} ms: use 1 ms to ${duration(most)}`);
}

function duration(ms: number): string {
  for (const [unit, length] of [
    ["days", 86_400_000],
    ["hours", 3_600_000],
    ["minutes", 60_000],
    ["seconds", 1000],
  ] as const) {
    if (ms >= 2 * length && ms % length === 0) return `${ms / length} ${unit}`;
  }
  return `${ms} ms`;
}
