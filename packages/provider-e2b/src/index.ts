/**
 * Sandboxes on E2B.
 *
 * @module @glovebox/provider-e2b
 */
export { createE2bProvider, provider } from "./e2b-provider.ts";
export type { E2bProviderSettings } from "./e2b-settings.ts";
