import { defineConfig, type UserConfig } from "tsdown";
import { library } from "../../tooling/tsdown.ts";

/**
 * The resident file: everything it needs inside it, nothing beside it. CommonJS, which Node starts in half the time: the
 * file is started with every sandbox, and once more for each operation on files.
 */
const resident = defineConfig({
  entry: { supervisor: "src/guest/main.ts" },
  format: "cjs",
  platform: "node",
  target: "node20.19",
  dts: false,
  sourcemap: false,
  clean: false,
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
  // From the sources of the other packages: in a fresh clone none of them is built.
  inputOptions: { resolve: { conditionNames: ["@glovebox/source", "node", "import", "require", "default"] } },
  outputOptions: { codeSplitting: false },
}) as UserConfig;

export default [library({ index: "src/index.ts" }), resident];
