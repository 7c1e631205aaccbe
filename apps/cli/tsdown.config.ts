import { defineConfig } from "tsdown";

export default defineConfig({
  entry: { main: "src/main.ts" },
  format: "esm",
  platform: "node",
  target: "node22",
  dts: false,
  fixedExtension: false,
  sourcemap: true,
  clean: true,
  deps: { alwaysBundle: ["@glovebox/scripted-model"] },
});
