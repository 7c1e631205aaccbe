import type { OpenAPIHono } from "@hono/zod-openapi";
import { HttpError } from "../../access/http-error.ts";
import { requireRole } from "../../access/require-role.ts";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import {
  changeRunEndpoint,
  createRunEndpoint,
  deleteRunEndpoint,
  forkRunEndpoint,
  getRunEndpoint,
  listRunsEndpoint,
  resumeRunEndpoint,
} from "../endpoints/run-endpoints.ts";
import { jsonReply } from "../replies/json-reply.ts";
import { pageOptions } from "../replies/page-options.ts";
import { runView } from "../replies/run-view.ts";
import { changeableRun, readableRun } from "../run-access.ts";
import { continueRequest } from "../runs/continue-request.ts";
import { runFilter } from "../runs/run-filter.ts";
import { startRuns } from "../runs/start-runs.ts";
import { stopRun } from "../runs/stop-run.ts";
import type { runDetailSchema } from "../schemas/run.ts";
import type { RunRequest } from "../schemas/run-request.ts";

/** `/v1/runs` and `/v1/runs/{id}`. */
export function addRunRoutes(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { store, access } = parts;
  app.openapi({ ...createRunEndpoint, middleware: requireRole("runner") }, async (context) => {
    const [run] = await startRuns(parts, context.var.principal, [{ request: context.req.valid("json") }]);
    if (run === undefined) throw new Error("The run was not created");
    return jsonReply(context, runView(run), 202);
  });
  app.openapi(listRunsEndpoint, async (context) => {
    const query = context.req.valid("query");
    const { items, nextCursor } = await store.runs.list(runFilter(query, context.var.principal), pageOptions(query));
    return jsonReply(context, { runs: items.map(runView), nextCursor }, 200);
  });
  app.openapi(getRunEndpoint, async (context) => {
    const run = await readableRun(store, context.var.principal, context.req.valid("param").id);
    const result = run.state === "ended" ? await store.runs.result(run.id) : undefined;
    // The API has validated the request when it was stored.
    const detail = { ...runView(run), request: run.request as RunRequest, ...(result && { result }) };
    return jsonReply(context, detail as Detail, 200);
  });
  app.openapi(changeRunEndpoint, async (context) => {
    const { principal } = context.var;
    const { id } = await changeableRun(store, principal, context.req.valid("param").id);
    const { priority } = context.req.valid("json");
    if (!(await store.queue.prioritize(id, priority))) {
      throw new HttpError(409, "conflict", `The run ${id} is not queued any more`);
    }
    await access.audit.record(principal, { action: "run.prioritize", target: id, detail: { priority } });
    return jsonReply(context, runView(await readableRun(store, principal, id)), 200);
  });
  app.openapi(deleteRunEndpoint, async (context) => {
    const { principal } = context.var;
    const run = await changeableRun(store, principal, context.req.valid("param").id);
    if (run.state === "running") throw new HttpError(409, "conflict", `The run ${run.id} is running: stop it first`);
    if (run.state === "queued") await stopRun(store, run, false);
    await store.runs.remove(run.id);
    await access.audit.record(principal, { action: "run.delete", target: run.id });
    return context.body(null, 204);
  });
  addContinuing(app, parts);
}

type Detail = import("@hono/zod-openapi").z.infer<typeof runDetailSchema>;

function addContinuing(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { store } = parts;
  app.openapi({ ...resumeRunEndpoint, middleware: requireRole("runner") }, async (context) => {
    const { principal } = context.var;
    const run = await changeableRun(store, principal, context.req.valid("param").id);
    const { prompt, ...changes } = context.req.valid("json");
    const request = continueRequest(run, prompt, changes);
    const [created] = await startRuns(parts, principal, [{ request, origin: { continues: run.id } }]);
    if (created === undefined) throw new Error("The run was not created");
    return jsonReply(context, runView(created), 202);
  });
  app.openapi({ ...forkRunEndpoint, middleware: requireRole("runner") }, async (context) => {
    const { principal } = context.var;
    const run = await changeableRun(store, principal, context.req.valid("param").id);
    const { prompts, ...changes } = context.req.valid("json");
    const runs = prompts.map((prompt) => ({
      request: continueRequest(run, prompt, changes),
      origin: { continues: run.id, forkOf: run.id },
    }));
    return jsonReply(context, { runs: (await startRuns(parts, principal, runs)).map(runView) }, 202);
  });
}
