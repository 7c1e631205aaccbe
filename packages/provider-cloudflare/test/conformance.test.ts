import { createSandbox } from "@glovebox/core";
import { testProvider } from "@glovebox/provider-testkit";
import { afterAll, vi } from "vitest";
import { createCloudflareProvider } from "../src/index.ts";
import { conformanceOptions, testedWorker } from "./conformance-options.ts";

/** The local runtime fails to start containers, and starts them again, when many begin at once. */
const atOnce = 3;
const mostAttempts = 5;

const worker = await testedWorker();
afterAll(() => worker[Symbol.asyncDispose]());
await startFirstSandbox();
vi.setConfig({ maxConcurrency: atOnce });

// certify.ts moves the largest files, and hits every call of a run.
const limits = {
  largeFileBytes: 64 * 1024 ** 2,
  outputBytes: 20_000_000,
  concurrentProcesses: 20,
  faultedCalls: 2,
  timeFactor: 2,
};
testProvider({ ...conformanceOptions(worker), limits });

/** The first one waits until the runtime has its images: no case's time is meant for that. */
async function startFirstSandbox(): Promise<void> {
  const { url, apiKey } = worker;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const sandbox = await createSandbox({ provider: createCloudflareProvider({ url, apiKey }) });
      return await sandbox.destroy();
    } catch (error) {
      if (attempt === mostAttempts) throw error;
    }
  }
}
