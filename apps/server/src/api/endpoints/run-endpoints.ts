import { createRoute, z } from "@hono/zod-openapi";
import {
  inputRequestSchema,
  runChangeSchema,
  runDetailSchema,
  runFilterSchema,
  runListSchema,
  runPageSchema,
  runSchema,
  stopRequestSchema,
} from "../schemas/run.ts";
import { forkRequestSchema, resumeRequestSchema, runRequestSchema } from "../schemas/run-request.ts";
import { idempotencyHeader, idParam, json, jsonBody, noContent, optionalJsonBody, problems } from "./endpoint-parts.ts";

const tags = ["Runs"];

export const createRunEndpoint = createRoute({
  method: "post",
  path: "/v1/runs",
  operationId: "createRun",
  summary: "Start a run",
  description: "The run is queued, and starts when a worker has room for it. `place` is its place in the queue.",
  tags,
  request: { headers: idempotencyHeader, body: jsonBody(runRequestSchema) },
  responses: { 202: json(runSchema, "The run, which is queued"), ...problems },
});

export const listRunsEndpoint = createRoute({
  method: "get",
  path: "/v1/runs",
  operationId: "listRuns",
  summary: "List runs",
  description: "Newest first, in pages.",
  tags,
  request: { query: runFilterSchema },
  responses: { 200: json(runPageSchema, "A page of runs"), ...problems },
});

export const getRunEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}",
  operationId: "getRun",
  summary: "Get a run",
  tags,
  request: { params: idParam },
  responses: { 200: json(runDetailSchema, "The run"), ...problems },
});

export const changeRunEndpoint = createRoute({
  method: "patch",
  path: "/v1/runs/{id}",
  operationId: "changeRun",
  summary: "Change the priority of a queued run",
  tags,
  request: { params: idParam, body: jsonBody(runChangeSchema) },
  responses: { 200: json(runSchema, "The run"), ...problems },
});

export const deleteRunEndpoint = createRoute({
  method: "delete",
  path: "/v1/runs/{id}",
  operationId: "deleteRun",
  summary: "Delete a run, its events and its files",
  description: "A run that is running gets 409: stop it first. A queued one is removed from the queue.",
  tags,
  request: { params: idParam },
  responses: { 204: noContent, ...problems },
});

export const stopRunEndpoint = createRoute({
  method: "post",
  path: "/v1/runs/{id}/stop",
  operationId: "stopRun",
  summary: "Stop a run",
  description: "The agent is stopped and the files are collected. A queued run is cancelled and never starts.",
  tags,
  request: { params: idParam, body: optionalJsonBody(stopRequestSchema) },
  responses: { 202: json(runSchema, "The run, which is stopping"), ...problems },
});

export const sendInputEndpoint = createRoute({
  method: "post",
  path: "/v1/runs/{id}/input",
  operationId: "sendInput",
  summary: "Type into the terminal of an interactive run",
  tags,
  request: { params: idParam, body: jsonBody(inputRequestSchema) },
  responses: { 204: noContent, ...problems },
});

export const resumeRunEndpoint = createRoute({
  method: "post",
  path: "/v1/runs/{id}/resume",
  operationId: "resumeRun",
  summary: "Continue a run with another prompt",
  description: "A new run that starts with the files and the conversation of this one.",
  tags,
  request: { params: idParam, headers: idempotencyHeader, body: jsonBody(resumeRequestSchema) },
  responses: { 202: json(runSchema, "The new run"), ...problems },
});

export const forkRunEndpoint = createRoute({
  method: "post",
  path: "/v1/runs/{id}/fork",
  operationId: "forkRun",
  summary: "Continue a run in several directions at once",
  tags,
  request: { params: idParam, headers: idempotencyHeader, body: jsonBody(forkRequestSchema) },
  responses: { 202: json(runListSchema, "The new runs, one for each prompt"), ...problems },
});

export const getEventsEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}/events",
  operationId: "getEvents",
  summary: "Follow the events of a run",
  description:
    "Server-sent events by default: `id` is the event's number, `event` its type, `data` the event. The stream ends with the run; " +
    "then a request with the last id gets 204, which ends an `EventSource`. With `Accept: application/x-ndjson`, the events so far, " +
    "a line each; with `follow=true` to the end of the run.",
  tags,
  request: {
    params: idParam,
    headers: z.object({
      "last-event-id": z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
    }),
    query: z.object({
      after: z.coerce.number().int().min(0).optional().openapi({ description: "Only events with a higher number." }),
      follow: z.enum(["true", "false"]).optional(),
    }),
  },
  responses: {
    200: {
      description: "The events",
      content: { "text/event-stream": { schema: z.string() }, "application/x-ndjson": { schema: z.string() } },
    },
    204: { description: "The run has ended, and the client has every event" },
    ...problems,
  },
});
