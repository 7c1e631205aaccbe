import type { RunEvent } from "@glovebox/core";
import { safeJson } from "@glovebox/core/text";
import { Hono } from "hono";
import { stream, streamSSE } from "hono/streaming";
import type { RunService } from "../runs/run-service.ts";

/** `/v1/runs/ID/events`: as server-sent events or as lines of JSON. */
export function runEventRoutes(service: RunService): Hono {
  const app = new Hono();
  app.get("/:id/events", async (context) => {
    const { runId } = await service.get(context.req.param("id"));
    const follow = context.req.query("follow") !== "false";
    const { signal } = context.req.raw;
    const events = (): AsyncIterable<RunEvent> => service.store.events(runId, { follow, signal });
    if (context.req.header("accept")?.includes("text/event-stream")) {
      return streamSSE(context, async (sse) => {
        for await (const event of events()) {
          await sse.writeSSE({ id: String(event.seq), event: event.type, data: safeJson(event) });
        }
      });
    }
    context.header("content-type", "application/x-ndjson");
    return stream(context, async (body) => {
      for await (const event of events()) await body.write(`${safeJson(event)}\n`);
    });
  });
  return app;
}
