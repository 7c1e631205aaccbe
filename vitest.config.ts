import { defineConfig } from "vitest/config";
import { CountReporter } from "./tooling/count-reporter.ts";

export default defineConfig({
  ssr: { resolve: { conditions: ["@glovebox/source"] } },
  test: {
    include: ["{packages,apps}/*/src/**/*.test.ts", "{packages,apps}/*/test/**/*.test.ts"],
    execArgv: ["--conditions=@glovebox/source"],
    globalSetup: "./tooling/vitest-setup.ts",
    reporters: ["default", new CountReporter()],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
