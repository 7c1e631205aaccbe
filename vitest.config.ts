import { defineConfig } from "vitest/config";
import { CountReporter } from "./tooling/count-reporter.ts";
import { LongestFirst } from "./tooling/longest-first.ts";

export default defineConfig({
  ssr: { resolve: { conditions: ["@glovebox/source"] } },
  test: {
    include: [
      ...["packages", "apps"].flatMap((directory) => [
        `${directory}/*/src/**/*.test.ts`,
        `${directory}/*/test/**/*.test.ts`,
      ]),
      "tooling/**/*.test.ts",
      "release/test/*.test.ts",
      "stress/test/*.test.ts",
      "examples/*/test/**/*.test.ts",
    ],
    execArgv: ["--conditions=@glovebox/source"],
    reporters: ["default", new CountReporter()],
    testTimeout: 240_000,
    hookTimeout: 300_000,
    // The default, a second, is short for a machine with a queue of other work.
    expect: { poll: { timeout: 60_000 } },
    // One more than the cores of CI: many tests wait, for leases, time-outs and engines.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
