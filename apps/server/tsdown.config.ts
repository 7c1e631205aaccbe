import { defineConfig } from "tsdown";
import { library } from "../../tooling/tsdown.ts";

export default defineConfig({
  ...library({ index: "src/index.ts", main: "src/main.ts" }),
  // Only a demo loads it.
  deps: { alwaysBundle: ["@glovebox/scripted-model"] },
});
