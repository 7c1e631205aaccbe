import { testProvider } from "@glovebox/provider-testkit";
import { conformanceOptions } from "./conformance-options.ts";

// certify.ts hits every call of a run.
testProvider({
  ...conformanceOptions,
  limits: { largeFileBytes: 256 * 1024 ** 2, outputBytes: 50_000_000, faultedCalls: 4 },
});
