export { createCloudflareProvider, provider } from "./cloudflare-provider.ts";
export type { CloudflareProviderSettings } from "./cloudflare-settings.ts";
