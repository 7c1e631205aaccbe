import { testProvider } from "@glovebox/provider-testkit";
import { afterAll } from "vitest";
import { conformanceOptions, testedWorker } from "./conformance-options.ts";

const worker = await testedWorker();
afterAll(() => worker[Symbol.asyncDispose]());

testProvider(conformanceOptions(worker));
