import { createRoute } from "@hono/zod-openapi";
import { sandboxListSchema, sandboxSchema } from "../schemas/sandbox.ts";
import { idParam, json, noContent, problems } from "./endpoint-parts.ts";

const tags = ["Sandboxes"];

export const listSandboxesEndpoint = createRoute({
  method: "get",
  path: "/v1/sandboxes",
  operationId: "listSandboxes",
  summary: "List the sandboxes of the server's runs",
  tags,
  responses: { 200: json(sandboxListSchema, "The sandboxes"), ...problems },
});

export const getSandboxEndpoint = createRoute({
  method: "get",
  path: "/v1/sandboxes/{id}",
  operationId: "getSandbox",
  summary: "Get a sandbox",
  tags,
  request: { params: idParam },
  responses: { 200: json(sandboxSchema, "The sandbox"), ...problems },
});

export const deleteSandboxEndpoint = createRoute({
  method: "delete",
  path: "/v1/sandboxes/{id}",
  operationId: "deleteSandbox",
  summary: "Remove a sandbox",
  description: "One that a running run uses gets 409: stop the run.",
  tags,
  request: { params: idParam },
  responses: { 204: noContent, ...problems },
});
