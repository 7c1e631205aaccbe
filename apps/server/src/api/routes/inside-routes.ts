import type { OpenAPIHono } from "@hono/zod-openapi";
import { HttpError } from "../../access/http-error.ts";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import { openPortEndpoint, openTerminalEndpoint } from "../endpoints/inside-endpoints.ts";
import { attachToAgent } from "../inside/agent-terminal.ts";
import { connectToRun } from "../inside/run-sandbox.ts";
import { TerminalSession } from "../inside/terminal-session.ts";
import { upgradeOf } from "../inside/upgrade.ts";
import { jsonReply } from "../replies/json-reply.ts";
import { bytesReply } from "../replies/stream-reply.ts";
import { changeableRun } from "../run-access.ts";

/** `/v1/runs/{id}/terminal` and `/v1/runs/{id}/ports`: into the sandbox of a running run. */
export function addInsideRoutes(app: OpenAPIHono<ApiEnv>, { store, access, plugins, settings }: ApiParts): void {
  app.openapi(openTerminalEndpoint, async (context) => {
    const { principal } = context.var;
    const { columns, rows, readOnly } = context.req.valid("query");
    const run = await changeableRun(store, principal, context.req.valid("param").id);
    const agent = await attachToAgent(plugins, run);
    const upgrade = upgradeOf(context);
    if (upgrade === undefined) {
      await agent.sandbox.close();
      throw new HttpError(426, "invalid-options", "The terminal is a WebSocket", { upgrade: "websocket" });
    }
    const isReadOnly = readOnly === "true";
    await access.audit.record(principal, { action: "run.terminal", target: run.id, detail: { isReadOnly } });
    const size = columns === undefined || rows === undefined ? undefined : { columns, rows };
    const view = { runId: run.id, home: settings.home, size, isReadOnly };
    upgrade.accept = (socket) => new TerminalSession(socket, agent, view).serve();
    return bytesReply(context.body(null, 204));
  });
  app.openapi(openPortEndpoint, async (context) => {
    const { principal } = context.var;
    const run = await changeableRun(store, principal, context.req.valid("param").id);
    const { previews } = access;
    if (previews === undefined) {
      throw new HttpError(501, "capability-unsupported", "This server has no domain for previews: --preview-domain");
    }
    await (await connectToRun(plugins, run)).close();
    const target = { runId: run.id, port: context.req.valid("json").port };
    const { url, expiresAt } = await previews.create(principal, target, context.get("client"));
    return jsonReply(context, { url, expiresAt: expiresAt.toISOString() }, 201);
  });
}
