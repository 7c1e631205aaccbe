import { type UserConfig } from "tsdown";
/** One shape for every published library: ESM and its types for Node 22, dependencies left out of the bundle. */
export declare function library(entry: Record<string, string>): UserConfig;
