import { defineConfig } from "tsdown";

export default defineConfig({
  entry: { index: "src/index.ts", main: "src/main.ts" },
  format: "esm",
  platform: "node",
  target: "node20.19",
  dts: false,
  fixedExtension: false,
  sourcemap: true,
  clean: true,
  deps: { alwaysBundle: ["@glovebox/scripted-model"] },
});
