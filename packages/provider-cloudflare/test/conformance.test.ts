import { testProvider } from "@glovebox/provider-testkit";
import { afterAll } from "vitest";
import { conformanceOptions, testedWorker } from "./conformance-options.ts";

const worker = await testedWorker();
afterAll(() => worker[Symbol.asyncDispose]());

// certify.ts moves the largest files, and hits every call of a run.
testProvider({ ...conformanceOptions(worker), limits: { largeFileBytes: 128 * 1024 ** 2, faultedCalls: 4 } });
