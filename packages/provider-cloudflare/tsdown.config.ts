import { writeFile } from "node:fs/promises";
import { defineConfig, type UserConfig } from "tsdown";
import { library } from "../../tooling/tsdown.ts";
import { bundleWorker } from "./bundle-worker.ts";

export default defineConfig({
  ...library({ index: "src/index.ts" }),
  hooks: { "build:done": async () => writeFile("dist/worker.js", await bundleWorker()) },
}) as UserConfig;
