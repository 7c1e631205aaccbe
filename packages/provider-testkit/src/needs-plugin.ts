import type { TestProviderOptions } from "./test-provider-options.ts";

/** Why a case that needs another process cannot be run with these options, where it cannot. */
export function needsPlugin({ plugin }: TestProviderOptions): string | undefined {
  return plugin === undefined ? "the option `plugin` is not given: no other process can load the provider" : undefined;
}
