import { testProvider } from "@glovebox/provider-testkit";
import { afterAll } from "vitest";
import { openConformance } from "./conformance-options.ts";

const conformance = await openConformance();
afterAll(() => conformance[Symbol.asyncDispose]());

testProvider(conformance.options);
