import { createRoute, z } from "@hono/zod-openapi";
import { batchPageSchema, batchReportSchema, batchRequestSchema, batchSchema } from "../schemas/batch.ts";
import { pageQuery } from "../schemas/page.ts";
import { idempotencyHeader, idParam, json, jsonBody, problems } from "./endpoint-parts.ts";

const tags = ["Batches"];

export const createBatchEndpoint = createRoute({
  method: "post",
  path: "/v1/batches",
  operationId: "createBatch",
  summary: "Start a batch of runs",
  tags,
  request: { headers: idempotencyHeader, body: jsonBody(batchRequestSchema) },
  responses: { 202: json(batchSchema, "The batch"), ...problems },
});

export const listBatchesEndpoint = createRoute({
  method: "get",
  path: "/v1/batches",
  operationId: "listBatches",
  summary: "List batches",
  tags,
  request: { query: z.object(pageQuery) },
  responses: { 200: json(batchPageSchema, "A page of batches"), ...problems },
});

export const getBatchEndpoint = createRoute({
  method: "get",
  path: "/v1/batches/{id}",
  operationId: "getBatch",
  summary: "Get a batch",
  description: "Its runs are `GET /v1/runs?batch=ID`.",
  tags,
  request: { params: idParam },
  responses: { 200: json(batchSchema, "The batch"), ...problems },
});

export const getBatchReportEndpoint = createRoute({
  method: "get",
  path: "/v1/batches/{id}/report",
  operationId: "getBatchReport",
  summary: "Report what came of a batch",
  tags,
  request: { params: idParam },
  responses: { 200: json(batchReportSchema, "The report"), ...problems },
});

export const stopBatchEndpoint = createRoute({
  method: "post",
  path: "/v1/batches/{id}/stop",
  operationId: "stopBatch",
  summary: "Stop a batch",
  description: "Cancels its queued runs and stops its running ones.",
  tags,
  request: { params: idParam },
  responses: { 202: json(batchSchema, "The batch"), ...problems },
});
