import { createRoute } from "@hono/zod-openapi";
import { uploadSchema } from "../schemas/upload.ts";
import { json, problems } from "./endpoint-parts.ts";

const binary = { schema: { type: "string", format: "binary" } } as const;

export const createUploadEndpoint = createRoute({
  method: "post",
  path: "/v1/uploads",
  operationId: "createUpload",
  summary: "Upload a project",
  description: "A tar archive, compressed with gzip or not. It can be used by runs until it expires.",
  tags: ["Uploads"],
  request: { body: { required: true, content: { "application/x-tar": binary, "application/gzip": binary } } },
  responses: { 201: json(uploadSchema, "The upload"), ...problems },
});
