/**
 * Sandboxes in Cloudflare's containers.
 *
 * @module @glovebox/provider-cloudflare
 */
export { createCloudflareProvider, provider } from "./cloudflare-provider.ts";
export type { CloudflareProviderSettings } from "./cloudflare-settings.ts";
