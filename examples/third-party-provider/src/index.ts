export { type BubblewrapSettings, createBubblewrapProvider, provider } from "./bubblewrap-provider.ts";
