import { testProvider } from "@glovebox/provider-testkit";
import { afterAll } from "vitest";
import { conformanceOptions, removeState } from "./conformance-options.ts";

afterAll(removeState);

testProvider(conformanceOptions);
