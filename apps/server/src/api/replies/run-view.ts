import type { Run } from "@glovebox/store";
import type { z } from "@hono/zod-openapi";
import type { runSchema } from "../schemas/run.ts";

/** A run as the API shows it. */
export type RunView = z.infer<typeof runSchema>;

/** Returns a run as the API shows it. */
export function runView(run: Run): RunView {
  const { leaseUntil: _, hasBegun: __, epoch: ___, eventOffset: ____, maxCostUsd: _____, request, ...shown } = run;
  const { createdAt, startedAt, endedAt, stalledSince, ...rest } = shown;
  const { model, interactive } = request;
  return {
    ...rest,
    labels: { ...run.labels },
    interactive: interactive === true,
    createdAt: createdAt.toISOString(),
    ...(typeof model === "string" && { model }),
    ...(startedAt && { startedAt: startedAt.toISOString() }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(stalledSince && { stalledSince: stalledSince.toISOString() }),
  };
}
