import type { OpenAPIHono } from "@hono/zod-openapi";
import { HttpError } from "../../access/http-error.ts";
import { requireRole } from "../../access/require-role.ts";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import { createUploadEndpoint } from "../endpoints/upload-endpoints.ts";
import { tooLarge, uploadBody } from "../files/upload-body.ts";
import { jsonReply } from "../replies/json-reply.ts";

const keptMs = 86_400_000;
const types = new Set(["application/x-tar", "application/gzip", "application/x-gzip", "application/octet-stream"]);

/** `/v1/uploads`. */
export function addUploadRoutes(app: OpenAPIHono<ApiEnv>, { store, access, settings }: ApiParts): void {
  const { maxUploadBytes } = settings;
  app.openapi({ ...createUploadEndpoint, middleware: requireRole("runner") }, async (context) => {
    const { principal } = context.var;
    const type = context.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
    if (!types.has(type)) {
      throw new HttpError(415, "unsupported-media-type", "The body must be application/gzip or application/x-tar");
    }
    if (Number(context.req.header("content-length") ?? 0) > maxUploadBytes) throw tooLarge(maxUploadBytes);
    const { body } = context.req.raw;
    if (body === null) throw new HttpError(400, "invalid-options", "The body is empty");
    const { sha256, bytes } = await store.blobs.put(uploadBody(body, maxUploadBytes));
    const expiresAt = new Date(Date.now() + keptMs);
    const { id } = await store.uploads.create({ userId: principal.user.id, sha256, bytes, expiresAt });
    await access.audit.record(principal, { action: "upload.create", target: id, detail: { bytes } });
    return jsonReply(context, { uploadId: id, bytes, sha256, expiresAt: expiresAt.toISOString() }, 201);
  });
}
