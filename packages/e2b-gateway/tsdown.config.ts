import { defineConfig, type UserConfig } from "tsdown";
import { library } from "../../tooling/tsdown.ts";

/** What runs in a sandbox: everything it needs inside it, nothing beside it. */
const envd = defineConfig({
  entry: { envd: "src/guest/main.ts" },
  // Starts in two thirds of the time that a module takes, which is part of every sandbox's start.
  format: "cjs",
  platform: "node",
  target: "node20.19",
  dts: false,
  fixedExtension: false,
  sourcemap: false,
  clean: false,
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
  // From the sources of the other packages: in a fresh clone none of them is built.
  inputOptions: { resolve: { conditionNames: ["@glovebox/source", "node", "import", "require", "default"] } },
  outputOptions: { codeSplitting: false },
}) as UserConfig;

export default [library({ index: "src/index.ts" }), envd];
