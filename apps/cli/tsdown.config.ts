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
  // React without its checks: they slow each frame down, and print into the view.
  define: { "process.env.NODE_ENV": '"production"' },
  // What only the monitor uses is in chunks of its own, so that nobody installs it.
  deps: { alwaysBundle: ["@glovebox/scripted-model", "ink", "react"], neverBundle: ["react-devtools-core"] },
});
