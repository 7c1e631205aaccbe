import { defineConfig, type UserConfig } from "tsdown";

/** One shape for every published library: ESM and its types for Node 22, dependencies left out of the bundle. */
export function library(entry: Record<string, string>): UserConfig {
  return defineConfig({
    entry,
    format: "esm",
    platform: "node",
    target: "node22",
    dts: { tsconfig: "tsconfig.json", sourcemap: true },
    fixedExtension: false,
    sourcemap: true,
    clean: true,
  }) as UserConfig;
}
