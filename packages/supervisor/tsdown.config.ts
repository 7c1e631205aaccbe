import { defineConfig, type UserConfig } from "tsdown";
import { library } from "../../tooling/tsdown.ts";

/** The resident file: everything it needs inside it, nothing beside it. */
const resident = defineConfig({
  entry: { supervisor: "src/guest/main.ts" },
  format: "esm",
  platform: "node",
  target: "node20.19",
  dts: false,
  fixedExtension: false,
  sourcemap: false,
  clean: false,
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
  outputOptions: { codeSplitting: false },
}) as UserConfig;

export default [library({ index: "src/index.ts" }), resident];
