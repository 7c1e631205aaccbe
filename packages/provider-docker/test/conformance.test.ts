import { testProvider } from "@glovebox/provider-testkit";
import { conformanceOptions } from "./conformance-options.ts";

// certify.ts hits every call of a run.
testProvider({ ...conformanceOptions, limits: { faultedCalls: 4 } });
