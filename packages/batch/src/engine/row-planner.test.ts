import { SandboxError } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import type { BatchRow } from "../rows/batch-row.ts";
import type { BatchRecord } from "../store/batch-record.ts";
import type { PlannedRun } from "./batch-host.ts";
import { RowPlanner } from "./row-planner.ts";

const row = { id: "a", provider: "docker" } as BatchRow;
const record = { id: "batch", outputDirectory: "/out" } as BatchRecord;
const planned = { runId: "run" } as PlannedRun;
const away = new SandboxError("unavailable", "The engine does not answer");

/** A planner whose host throws these errors, one after the other, and then makes a plan. */
function plannerAfter(errors: Error[], signal = new AbortController().signal) {
  const waits: number[] = [];
  const host = {
    plan: async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return planned;
    },
    providerOf: () => Promise.reject(new Error("not needed")),
  };
  const watcher = { onRetry: (_: BatchRow, delayMs: number) => void waits.push(delayMs) };
  return { planner: new RowPlanner({ record, host, watcher, signal }), waits };
}

it("waits for a provider that is away, and then plans the row", async () => {
  const { planner, waits } = plannerAfter([away]);
  expect(await planner.plan(row, 1)).toBe(planned);
  expect(waits).toHaveLength(1);
});

it("leaves a row open when the batch is stopped while its provider is away", async () => {
  const stop = new AbortController();
  const { planner } = plannerAfter([away, away], stop.signal);
  const planning = planner.plan(row, 1);
  stop.abort();
  expect(await planning).toBeUndefined();
});

it("returns what is wrong with a row, at once", async () => {
  const wrong = new SandboxError("invalid-options", "no such directory");
  const { planner, waits } = plannerAfter([wrong]);
  expect(await planner.plan(row, 1)).toBe(wrong);
  expect(waits).toEqual([]);
});
