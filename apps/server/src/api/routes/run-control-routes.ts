import type { InsideUsage } from "@glovebox/core";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import { getProcessesEndpoint } from "../endpoints/inside-endpoints.ts";
import { sendInputEndpoint, stopRunEndpoint } from "../endpoints/run-endpoints.ts";
import { jsonReply } from "../replies/json-reply.ts";
import { runView } from "../replies/run-view.ts";
import { changeableRun, readableRun } from "../run-access.ts";
import { askRun, stopRun } from "../runs/stop-run.ts";

/** `/v1/runs/{id}/stop`, `/input` and `/processes`: what the worker of a run is asked. */
export function addRunControlRoutes(app: OpenAPIHono<ApiEnv>, { store, access }: ApiParts): void {
  app.openapi(stopRunEndpoint, async (context) => {
    const { principal } = context.var;
    const run = await changeableRun(store, principal, context.req.valid("param").id);
    const { force = false } = context.req.valid("json");
    await access.audit.record(principal, { action: "run.stop", target: run.id, detail: { force } });
    await stopRun(store, run, force);
    return jsonReply(context, runView(await readableRun(store, principal, run.id)), 202);
  });
  app.openapi(sendInputEndpoint, async (context) => {
    const { principal } = context.var;
    const run = await changeableRun(store, principal, context.req.valid("param").id);
    const { text } = context.req.valid("json");
    await access.audit.record(principal, { action: "run.input", target: run.id, detail: { length: text.length } });
    await askRun(store, run.id, { type: "input", text });
    return context.body(null, 204);
  });
  app.openapi(getProcessesEndpoint, async (context) => {
    const run = await readableRun(store, context.var.principal, context.req.valid("param").id);
    // Core's own measurement: the worker passes it on as it is.
    const usage = (await askRun(store, run.id, { type: "processes" })) as InsideUsage;
    const { cpuMs, memoryBytes, disk, processes } = usage;
    const shown = processes.map(({ startTicks: _, ...process }) => process);
    return jsonReply(context, { cpuMs, memoryBytes, processes: shown, ...(disk && { disk }) }, 200);
  });
}
