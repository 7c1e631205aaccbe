import { rm } from "node:fs/promises";
import type { RunEvent, RunSummary } from "@glovebox/core";
import { SandboxNotFoundError } from "@glovebox/core/provider";
import { Hono } from "hono";
import { stream, streamSSE } from "hono/streaming";
import { z } from "zod";
import { archiveOf, asBody, openRunFile } from "../runs/run-files.ts";
import { runRequestSchema } from "../runs/run-request.ts";
import type { RunService } from "../runs/run-service.ts";
import { readBody } from "./read-body.ts";

const cancelSchema = z.strictObject({ force: z.boolean().optional() });

/** `/v1/runs`. */
export function runRoutes(service: RunService): Hono {
  const { store } = service;
  const app = new Hono();
  app.post("/", async (context) => {
    const summary = await service.start(await readBody(context, runRequestSchema));
    return context.json(describe(summary), 202);
  });
  app.get("/", async (context) => context.json({ runs: (await store.list()).map(describe) }));
  app.get("/:id", async (context) => {
    const summary = await service.get(context.req.param("id"));
    return context.json({ ...describe(summary), result: await store.result(summary.runId) });
  });
  app.get("/:id/events", async (context) => {
    const { runId } = await service.get(context.req.param("id"));
    const follow = context.req.query("follow") !== "false";
    const { signal } = context.req.raw;
    const events = (): AsyncIterable<RunEvent> => store.events(runId, { follow, signal });
    if (context.req.header("accept")?.includes("text/event-stream")) {
      return streamSSE(context, async (sse) => {
        for await (const event of events()) {
          await sse.writeSSE({ id: String(event.seq), event: event.type, data: JSON.stringify(event) });
        }
      });
    }
    context.header("content-type", "application/x-ndjson");
    return stream(context, async (body) => {
      for await (const event of events()) await body.write(`${JSON.stringify(event)}\n`);
    });
  });
  app.post("/:id/cancel", async (context) => {
    const { force = false } = await readBody(context, cancelSchema);
    const { runId } = await service.get(context.req.param("id"));
    await store.stop(runId, { force });
    return context.json({ runId }, 202);
  });
  app.get("/:id/files", async (context) => {
    const { manifest, skipped, complete, bytes } = await filesOf(context.req.param("id"));
    return context.json({ complete, bytes, manifest, skipped });
  });
  app.get("/:id/files/:path{.+}", async (context) => {
    const { size, body } = await openRunFile(await filesOf(context.req.param("id")), context.req.param("path"));
    return context.body(asBody(body), 200, {
      "content-type": "application/octet-stream",
      "content-length": String(size),
      // Nothing that an agent wrote is run or shown by a browser at this address.
      "content-disposition": "attachment",
      "x-content-type-options": "nosniff",
    });
  });
  app.get("/:id/archive", async (context) => {
    const id = context.req.param("id");
    return context.body(asBody(archiveOf(await filesOf(id))), 200, {
      "content-type": "application/gzip",
      "content-disposition": `attachment; filename="${id}.tar.gz"`,
    });
  });
  app.delete("/:id", async (context) => {
    const { runId, outputDir } = await service.get(context.req.param("id"));
    await store.remove(runId);
    // The files of a run that a person has started elsewhere are theirs.
    if (service.owns(outputDir)) await rm(outputDir, { recursive: true, force: true });
    return context.body(null, 204);
  });

  const filesOf = async (id: string) => {
    const { runId } = await service.get(id);
    const files = (await store.result(runId))?.files;
    if (files === undefined) throw new SandboxNotFoundError(`The run ${runId} has brought no files back`);
    return files;
  };
  return app;
}

function describe({ runDir: _, isLeftBehind, isAlive, ...summary }: RunSummary): Record<string, unknown> {
  return { ...summary, isAlive, isLeftBehind };
}
