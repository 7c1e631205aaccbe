import { testProvider } from "@glovebox/provider-testkit";
import { afterAll } from "vitest";
import { openConformance } from "./conformance-options.ts";

const conformance = await openConformance();
afterAll(() => conformance[Symbol.asyncDispose]());

// certify.ts hits every call of a run.
testProvider({
  ...conformance.options,
  limits: { ...conformance.options.limits, outputBytes: 20_000_000, concurrentProcesses: 20, faultedCalls: 2 },
});
