import { testProvider } from "@glovebox/provider-testkit";
import { conformanceOptions } from "./conformance-options.ts";

testProvider(conformanceOptions);
