import { createRoute, z } from "@hono/zod-openapi";
import { portPreviewSchema, portRequestSchema } from "../schemas/port.ts";
import { processesSchema } from "../schemas/run-processes.ts";
import { idParam, json, jsonBody, problems } from "./endpoint-parts.ts";

const tags = ["Inside a run"];

export const getProcessesEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}/processes",
  operationId: "getProcesses",
  summary: "List the processes in a running run's sandbox",
  description: "Measured in the sandbox, which may say anything.",
  tags,
  request: { params: idParam },
  responses: { 200: json(processesSchema, "The processes"), ...problems },
});

export const openTerminalEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}/terminal",
  operationId: "openTerminal",
  summary: "Attach to the terminal of an interactive run (WebSocket)",
  description:
    "Subprotocol `glovebox.terminal.v1`. Binary messages are bytes of the terminal, both ways. Text messages are JSON: the client sends " +
    '`{"type":"resize","columns":80,"rows":24}`, the server `{"type":"exit","exitCode":0}` before it closes with 1000. A browser ' +
    "without a cookie passes its token as a second subprotocol, `glovebox.token.TOKEN`.",
  tags,
  request: {
    params: idParam,
    query: z.object({
      columns: z.coerce.number().int().min(1).max(1000).optional(),
      rows: z.coerce.number().int().min(1).max(1000).optional(),
      readOnly: z.enum(["true", "false"]).optional().openapi({ description: "Only watch." }),
    }),
  },
  responses: { 101: { description: "The terminal" }, ...problems },
});

export const openPortEndpoint = createRoute({
  method: "post",
  path: "/v1/runs/{id}/ports",
  operationId: "openPort",
  summary: "Get an address of a port in a running run's sandbox",
  tags,
  request: { params: idParam, body: jsonBody(portRequestSchema) },
  responses: { 201: json(portPreviewSchema, "The address"), ...problems },
});
