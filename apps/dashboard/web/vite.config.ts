import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: { conditions: ["@glovebox/source", "module", "browser", "development|production"] },
  build: {
    outDir: here("../dist/app"),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { index: here("index.html"), preview: here("preview/index.html") },
      // Libraries mark what frameworks that render on a server must not: here everything is a client.
      checks: { moduleLevelDirective: false },
    },
  },
});
