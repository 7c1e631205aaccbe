import { expect, it } from "vitest";
import { SandboxError } from "../errors/index.ts";
import { runAll } from "./run-all.ts";
import type { RunInput } from "./run-input.ts";

/** A spec that cannot be started: its harness has no use for the credential. */
const invalid = {
  prompt: "Try",
  provider: { id: "none" },
  harness: { id: "none", endpoints: [], credentials: [] },
} as unknown as RunInput;

it("resolves to nothing for no specs", async () => {
  expect(await runAll([])).toEqual([]);
});

it("gives a run that could not be started as a value, in its place", async () => {
  const results = await runAll([invalid, invalid, invalid], { concurrency: 2 });
  expect(results).toHaveLength(3);
  for (const one of results) expect(one).toMatchObject({ status: "rejected", reason: expect.any(SandboxError) });
});

it("starts nothing once the signal is aborted", async () => {
  const results = await runAll([invalid], { signal: AbortSignal.abort() });
  expect(results).toMatchObject([{ status: "rejected", reason: { code: "aborted" } }]);
});

it.each([0, -1, 1.5, Number.NaN])("rejects a concurrency of %s", async (concurrency) => {
  await expect(runAll([], { concurrency })).rejects.toMatchObject({ code: "invalid-options" });
});
