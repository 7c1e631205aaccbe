import { rm } from "node:fs/promises";
import type { RunSummary } from "@glovebox/core";
import { Hono } from "hono";
import { z } from "zod";
import { runRequestSchema } from "../runs/run-request.ts";
import type { RunService } from "../runs/run-service.ts";
import { jsonReply } from "./json-reply.ts";
import { readBody } from "./read-body.ts";
import { runEventRoutes } from "./run-event-routes.ts";
import { runFileRoutes } from "./run-file-routes.ts";

const cancelSchema = z.strictObject({ force: z.boolean().optional() });

/** `/v1/runs`. */
export function runRoutes(service: RunService): Hono {
  const { store } = service;
  const app = new Hono();
  app.post("/", async (context) => {
    const summary = await service.start(await readBody(context, runRequestSchema));
    return jsonReply(context, describe(summary), 202);
  });
  app.get("/", async (context) => jsonReply(context, { runs: (await store.list()).map(describe) }));
  app.get("/:id", async (context) => {
    const summary = await service.get(context.req.param("id"));
    return jsonReply(context, { ...describe(summary), result: await store.result(summary.runId) });
  });
  app.post("/:id/cancel", async (context) => {
    const { force = false } = await readBody(context, cancelSchema);
    const { runId } = await service.get(context.req.param("id"));
    await store.stop(runId, { force });
    return jsonReply(context, { runId }, 202);
  });
  app.delete("/:id", async (context) => {
    const { runId, outputDirectory } = await service.get(context.req.param("id"));
    await store.remove(runId);
    // The files of a run that a user has started elsewhere belong to that user.
    if (service.owns(outputDirectory)) await rm(outputDirectory, { recursive: true, force: true });
    return context.body(null, 204);
  });
  app.route("/", runEventRoutes(service));
  app.route("/", runFileRoutes(service));
  return app;
}

function describe({ runDirectory: _, isLeftBehind, isAlive, ...summary }: RunSummary): Record<string, unknown> {
  return { ...summary, isAlive, isLeftBehind };
}
