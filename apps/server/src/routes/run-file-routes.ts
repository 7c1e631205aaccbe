import type { RunResult } from "@glovebox/core";
import { SandboxNotFoundError } from "@glovebox/core/provider";
import { Hono } from "hono";
import { archiveOf, asBody, openRunFile } from "../runs/run-files.ts";
import type { RunService } from "../runs/run-service.ts";
import { jsonReply } from "./json-reply.ts";

/** `/v1/runs/ID/files` and `/v1/runs/ID/archive`. */
export function runFileRoutes(service: RunService): Hono {
  const app = new Hono();
  app.get("/:id/files", async (context) => {
    const { manifest, skipped, complete, bytes } = await filesOf(service, context.req.param("id"));
    return jsonReply(context, { complete, bytes, manifest, skipped });
  });
  app.get("/:id/files/:path{.+}", async (context) => {
    const files = await filesOf(service, context.req.param("id"));
    const { size, body } = await openRunFile(files, context.req.param("path"));
    return context.body(asBody(body), 200, {
      "content-type": "application/octet-stream",
      "content-length": String(size),
      // A browser neither runs nor shows at this address what an agent wrote.
      "content-disposition": "attachment",
      "x-content-type-options": "nosniff",
    });
  });
  app.get("/:id/archive", async (context) => {
    const id = context.req.param("id");
    return context.body(asBody(archiveOf(await filesOf(service, id))), 200, {
      "content-type": "application/gzip",
      "content-disposition": `attachment; filename="${id}.tar.gz"`,
    });
  });
  return app;
}

async function filesOf(service: RunService, id: string): Promise<NonNullable<RunResult["files"]>> {
  const { runId } = await service.get(id);
  const files = (await service.store.result(runId))?.files;
  if (files === undefined) throw new SandboxNotFoundError(`The run ${runId} has no collected files`);
  return files;
}
