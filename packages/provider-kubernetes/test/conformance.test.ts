import { testProvider } from "@glovebox/provider-testkit";
import { afterAll } from "vitest";
import { openConformance } from "./conformance-options.ts";

const conformance = await openConformance();
afterAll(() => conformance[Symbol.asyncDispose]());

// Each sandbox takes the node some processor seconds. certify.ts goes further, and hits every call of a run.
testProvider({
  ...conformance.options,
  limits: {
    ...conformance.options.limits,
    largeFileBytes: 64 * 1024 ** 2,
    outputBytes: 20_000_000,
    concurrentProcesses: 20,
    listedSandboxes: 4,
    faultedCalls: 1,
  },
});
