import type { OpenAPIHono } from "@hono/zod-openapi";
import { HttpError } from "../../access/http-error.ts";
import type { Principal } from "../../access/principal.ts";
import { requireRole } from "../../access/require-role.ts";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import { batchReport } from "../batches/batch-report.ts";
import { batchRuns } from "../batches/batch-runs.ts";
import { batchView } from "../batches/batch-view.ts";
import { startBatch } from "../batches/start-batch.ts";
import {
  createBatchEndpoint,
  getBatchEndpoint,
  getBatchReportEndpoint,
  listBatchesEndpoint,
  stopBatchEndpoint,
} from "../endpoints/batch-endpoints.ts";
import { jsonReply } from "../replies/json-reply.ts";
import { pageOptions } from "../replies/page-options.ts";
import { stopRun } from "../runs/stop-run.ts";

/** `/v1/batches`. */
export function addBatchRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { store, access } = parts;
  const find = async (id: string) => {
    const batch = await store.batches.get(id);
    if (batch === undefined) throw new HttpError(404, "not-found", `There is no batch ${id}`);
    return batch;
  };
  app.openapi({ ...createBatchEndpoint, middleware: requireRole("runner") }, async (context) => {
    const batch = await startBatch(parts, context.var.principal, context.req.valid("json"));
    return jsonReply(context, batchView(batch), 202);
  });
  app.openapi(listBatchesEndpoint, async (context) => {
    const { items, nextCursor } = await store.batches.list({}, pageOptions(context.req.valid("query")));
    return jsonReply(context, { batches: items.map(batchView), nextCursor }, 200);
  });
  app.openapi(getBatchEndpoint, async (context) =>
    jsonReply(context, batchView(await find(context.req.valid("param").id)), 200),
  );
  app.openapi(getBatchReportEndpoint, async (context) => {
    const batch = await find(context.req.valid("param").id);
    return jsonReply(context, batchReport(batch, await batchRuns(store, batch.id)), 200);
  });
  app.openapi(stopBatchEndpoint, async (context) => {
    const { principal } = context.var;
    const batch = await find(context.req.valid("param").id);
    checkOwner(principal, batch.userId);
    await access.audit.record(principal, { action: "batch.stop", target: batch.id });
    // The queued ones first: none of them starts while the others stop.
    for (const run of await batchRuns(store, batch.id, { state: "queued" })) await stopRun(store, run, false);
    const running = await batchRuns(store, batch.id, { state: "running" });
    // One whose worker does not answer does not keep the others running.
    await Promise.allSettled(running.map((run) => stopRun(store, run, false)));
    return jsonReply(context, batchView(await find(batch.id)), 202);
  });
}

function checkOwner({ role, user }: Principal, userId: string): void {
  if (role === "admin" || (role === "runner" && user.id === userId)) return;
  throw new HttpError(403, "forbidden", "Only the user who started it may stop a batch");
}
