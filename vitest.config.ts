import { defineConfig } from "vitest/config";
import { CountReporter } from "./tooling/count-reporter.ts";

export default defineConfig({
  ssr: { resolve: { conditions: ["@glovebox/source"] } },
  test: {
    include: [
      ...["packages", "apps"].flatMap((folder) => [`${folder}/*/src/**/*.test.ts`, `${folder}/*/test/**/*.test.ts`]),
      "release/test/*.test.ts",
      "examples/*/test/**/*.test.ts",
    ],
    execArgv: ["--conditions=@glovebox/source"],
    reporters: ["default", new CountReporter()],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
