export { createBubblewrapProvider, provider } from "./bubblewrap-provider.ts";
export type { BubblewrapSettings } from "./bubblewrap-settings.ts";
