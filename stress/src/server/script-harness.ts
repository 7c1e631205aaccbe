import type { HarnessPlugin } from "@glovebox/core/harness";
import { harness as shellHarness } from "../shell-harness.ts";

/** The harness of scripts with a template that is made in seconds: a small program instead of a coding agent. */
export const harness: HarnessPlugin = {
  specificationVersion: 1,
  kind: "harness",
  create: (settings) => ({
    ...shellHarness.create(settings),
    template: () => ({
      id: "stress-script",
      npmPackage: "semver",
      npmVersion: "7.7.3",
      check: { argv: ["semver", "1.2.3"], prints: "1.2.3" },
    }),
  }),
};
