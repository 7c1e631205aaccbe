import { createRoute, z } from "@hono/zod-openapi";
import { manifestSchema } from "../schemas/manifest.ts";
import { bytes, idParam, json, problems } from "./endpoint-parts.ts";

const tags = ["Files"];

export const getManifestEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}/manifest",
  operationId: "getManifest",
  summary: "List the files of a run",
  tags,
  request: { params: idParam },
  responses: { 200: json(manifestSchema, "The files"), ...problems },
});

export const getFileEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}/files/{path}",
  operationId: "getFile",
  summary: "Download a file",
  description: "The path may have slashes. A browser neither shows nor runs it at this address.",
  tags,
  request: {
    params: z.object({ id: idParam.shape.id, path: z.string().min(1) }),
    headers: z.object({ range: z.string().max(200).optional() }),
  },
  responses: {
    200: bytes("application/octet-stream", "The file"),
    206: bytes("application/octet-stream", "The range that was asked for"),
    304: { description: "The client has this version" },
    ...problems,
  },
});

export const getArchiveEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}/archive",
  operationId: "getArchive",
  summary: "Download all files as .tar.gz",
  tags,
  request: { params: idParam },
  responses: { 200: bytes("application/gzip", "The archive"), ...problems },
});

export const getPatchEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}/patch",
  operationId: "getPatch",
  summary: "Download the changes as a git patch",
  tags,
  request: { params: idParam },
  responses: { 200: bytes("text/x-diff", "The patch"), ...problems },
});

export const getBundleEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}/bundle",
  operationId: "getBundle",
  summary: "Download the agent's commits as a git bundle",
  tags,
  request: { params: idParam },
  responses: { 200: bytes("application/x-git-bundle", "The bundle"), ...problems },
});

export const getJournalEndpoint = createRoute({
  method: "get",
  path: "/v1/runs/{id}/journal",
  operationId: "getJournal",
  summary: "Download all events as NDJSON",
  tags,
  request: { params: idParam },
  responses: { 200: bytes("application/x-ndjson", "The journal"), ...problems },
});
