import { createRoute, z } from "@hono/zod-openapi";
import { newShareLinkSchema, shareLinkListSchema, shareLinkRequestSchema } from "../schemas/share-link.ts";
import { idParam, json, noContent, optionalJsonBody, problems } from "./endpoint-parts.ts";

const tags = ["Sharing"];

export const createLinkEndpoint = createRoute({
  method: "post",
  path: "/v1/runs/{id}/links",
  operationId: "createLink",
  summary: "Share a run by a link",
  description: "Whoever has the link reads this run, and nothing else, until the link expires or is revoked.",
  tags,
  request: { params: idParam, body: optionalJsonBody(shareLinkRequestSchema) },
  responses: { 201: json(newShareLinkSchema, "The link"), ...problems },
});

export const listLinksEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}/links",
  operationId: "listLinks",
  summary: "List the links of a run",
  tags,
  request: { params: idParam },
  responses: { 200: json(shareLinkListSchema, "The links"), ...problems },
});

export const revokeLinkEndpoint = createRoute({
  method: "delete",
  path: "/v1/runs/{id}/links/{linkId}",
  operationId: "revokeLink",
  summary: "Revoke a link",
  tags,
  request: { params: z.object({ id: idParam.shape.id, linkId: z.string().min(1).max(200) }) },
  responses: { 204: noContent, ...problems },
});
