import { passRate } from "@glovebox/batch";
import type { Batch, Run } from "@glovebox/store";
import type { z } from "@hono/zod-openapi";
import { groupBy } from "../group-by.ts";
import type { batchReportSchema } from "../schemas/batch.ts";

type Report = z.infer<typeof batchReportSchema>;
type Slice = Report["total"];

const dimensions = {
  model: ({ request }: Run) => (typeof request.model === "string" ? request.model : "default"),
  harness: ({ harness }: Run) => harness,
  provider: ({ provider }: Run) => provider,
};

/** What came of the runs of a batch: of one that is running, what came of it so far. */
export function batchReport({ id, name, state }: Batch, runs: readonly Run[]): Report {
  return {
    id,
    ...(name !== undefined && { name }),
    isComplete: state === "ended",
    total: slice("all", runs),
    slices: (Object.keys(dimensions) as (keyof typeof dimensions)[]).flatMap((by) => {
      const slices = slicesBy(runs, dimensions[by]);
      return slices.length < 2 ? [] : [{ by, slices }];
    }),
    rows: runs.map(row),
  };
}

function slicesBy(runs: readonly Run[], keyOf: (run: Run) => string): Slice[] {
  return groupBy(runs, keyOf).map(([key, members]) => slice(key, members));
}

function slice(name: string, runs: readonly Run[]): Slice {
  const ended = runs.filter(({ state }) => state === "ended");
  const passed = ended.filter(({ outcome }) => outcome === "succeeded").length;
  const sum = (of: (run: Run) => number) => runs.reduce((total, run) => total + of(run), 0);
  return {
    ...{ name, rows: runs.length, passed },
    ...(ended.length > 0 && { passRate: passRate(passed, ended.length) }),
    costUsd: sum(({ costUsd = 0 }) => costUsd),
    tokens: sum(({ tokens }) => (tokens === undefined ? 0 : tokens.input + tokens.output)),
    durationMs: sum(({ durationMs = 0 }) => durationMs),
  };
}

function row(run: Run): Report["rows"][number] {
  const { id, rowId = "", state, outcome, promptPreview, harness, provider, costUsd, durationMs, filesCount } = run;
  const { model } = run.request;
  return {
    ...{ rowId, runId: id, state, promptPreview, harness, provider },
    ...(typeof model === "string" && { model }),
    ...(outcome !== undefined && { outcome }),
    ...(costUsd !== undefined && { costUsd }),
    ...(durationMs !== undefined && { durationMs }),
    ...(filesCount !== undefined && { filesCount }),
  };
}
