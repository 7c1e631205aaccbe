import { randomUUID } from "node:crypto";
import type { Batch } from "@glovebox/store";
import { HttpError } from "../../access/http-error.ts";
import type { Principal } from "../../access/principal.ts";
import type { ApiParts } from "../api-parts.ts";
import { type RunToStart, startRuns } from "../runs/start-runs.ts";
import type { BatchRequest } from "../schemas/batch.ts";
import { type RunRequest, runRequestSchema } from "../schemas/run-request.ts";

/** Creates a batch and queues its runs. */
export async function startBatch(parts: ApiParts, principal: Principal, request: BatchRequest): Promise<Batch> {
  const { store, access } = parts;
  const { name, maxCostUsd, concurrency } = request;
  const runs = rowsOf(request);
  const { id } = await store.batches.create({
    ...{ id: randomUUID(), userId: principal.user.id, request },
    ...(name !== undefined && { name }),
    ...(maxCostUsd !== undefined && { maxCostUsd }),
    ...(concurrency !== undefined && { concurrency }),
  });
  const started = runs.map(({ rowId, request: one }): RunToStart => ({ request: one, origin: { batchId: id, rowId } }));
  await startRuns(parts, principal, started);
  await access.audit.record(principal, { action: "batch.create", target: id, detail: { rows: runs.length } });
  const batch = await store.batches.get(id);
  if (batch === undefined) throw new HttpError(404, "not-found", `There is no batch ${id}`);
  return batch;
}

function rowsOf({ rows, run }: BatchRequest): readonly { readonly rowId: string; readonly request: RunRequest }[] {
  const ids = rows.map(({ id }, at) => id ?? String(at + 1));
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw new HttpError(400, "invalid-options", `Two rows have the id ${twice}`);
  return rows.map(({ id: _, labels, ...row }, at) => ({
    rowId: ids[at] ?? "",
    request: runRequestSchema.parse({ ...run, ...row, labels: { ...run?.labels, ...labels } }),
  }));
}
