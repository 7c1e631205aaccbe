import type { OpenAPIHono } from "@hono/zod-openapi";
import { HttpError } from "../../access/http-error.ts";
import { requireRole } from "../../access/require-role.ts";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import { deleteSandboxEndpoint, getSandboxEndpoint, listSandboxesEndpoint } from "../endpoints/sandbox-endpoints.ts";
import { jsonReply } from "../replies/json-reply.ts";
import { RunSandboxes } from "../sandboxes/run-sandboxes.ts";

/** `/v1/sandboxes`. */
export function addSandboxRoutes(app: OpenAPIHono<ApiEnv>, { store, access, plugins, settings }: ApiParts): void {
  const sandboxes = new RunSandboxes(plugins, settings.home);
  const find = async (id: string, signal: AbortSignal) => {
    const sandbox = await sandboxes.find(id, signal);
    if (sandbox === undefined) throw new HttpError(404, "not-found", `No run of this server has a sandbox ${id}`);
    return sandbox;
  };
  app.openapi(listSandboxesEndpoint, async (context) =>
    jsonReply(context, await sandboxes.list(context.req.raw.signal), 200),
  );
  app.openapi(getSandboxEndpoint, async (context) =>
    jsonReply(context, await find(context.req.valid("param").id, context.req.raw.signal), 200),
  );
  app.openapi({ ...deleteSandboxEndpoint, middleware: requireRole("runner") }, async (context) => {
    const { principal } = context.var;
    const { signal } = context.req.raw;
    const sandbox = await find(context.req.valid("param").id, signal);
    const run = await store.runs.get(sandbox.runId);
    if (principal.role !== "admin" && run?.userId !== principal.user.id) {
      throw new HttpError(403, "forbidden", "Only the user who started its run may remove a sandbox");
    }
    if (run?.state === "running") {
      throw new HttpError(409, "conflict", `The run ${run.id} is using this sandbox: stop the run`);
    }
    await access.audit.record(principal, {
      action: "sandbox.delete",
      target: sandbox.id,
      detail: { run: sandbox.runId },
    });
    await sandboxes.destroy(sandbox, signal);
    return context.body(null, 204);
  });
}
