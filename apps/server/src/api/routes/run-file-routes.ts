import type { StoredFile } from "@glovebox/store";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HttpError } from "../../access/http-error.ts";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import {
  getArchiveEndpoint,
  getBundleEndpoint,
  getManifestEndpoint,
  getPatchEndpoint,
} from "../endpoints/run-file-endpoints.ts";
import { asBody, blobReply } from "../files/blob-reply.ts";
import { pictureType } from "../files/content-type.ts";
import { runArchive } from "../files/run-archive.ts";
import { jsonReply } from "../replies/json-reply.ts";
import { bytesReply, streamReply } from "../replies/stream-reply.ts";
import { readableRun } from "../run-access.ts";
import type { manifestSchema } from "../schemas/manifest.ts";

type Manifest = import("@hono/zod-openapi").z.infer<typeof manifestSchema>;

/** The files of a run: `/manifest`, `/files`, `/archive`, `/patch` and `/bundle`. */
export function addRunFileRoutes(app: OpenAPIHono<ApiEnv>, { store }: ApiParts): void {
  const read = async (context: Context<ApiEnv>) =>
    await readableRun(store, context.var.principal, context.req.param("id") ?? "");
  const manifestOf = async (runId: string) => {
    const found = await store.files.manifest(runId);
    if (found === undefined) throw new HttpError(404, "not-found", `The run ${runId} has no collected files`);
    return found;
  };
  const send = async (context: Context<ApiEnv>, kind: StoredFile["kind"], contentType: string, suffix: string) => {
    const { id } = await read(context);
    const blob = await store.files.get(id, kind);
    if (blob === undefined) throw new HttpError(404, "not-found", `The run ${id} has no ${kind}`);
    return bytesReply(await blobReply(context, store.blobs, blob, { contentType, saveAs: `${id}${suffix}` }));
  };
  app.openapi(getManifestEndpoint, async (context) => {
    const { manifest, baseline } = await manifestOf((await read(context)).id);
    return jsonReply(context, { ...manifest, ...(baseline && { baseline }) } as Manifest, 200);
  });
  // The path of a file has slashes, which the parameter of an endpoint does not match.
  app.get("/v1/runs/:id/files/:path{.+}", async (context) => {
    const { id } = await read(context);
    const path = context.req.param("path");
    const blob = await store.files.get(id, "file", path);
    if (blob === undefined) throw new HttpError(404, "not-found", `The run has no file ${path}`);
    const picture = pictureType(path);
    const saveAs = picture === undefined ? (path.split("/").at(-1) ?? "file") : undefined;
    return await blobReply(context, store.blobs, blob, { contentType: picture ?? "application/octet-stream", saveAs });
  });
  app.openapi(getArchiveEndpoint, async (context) => {
    const { id, endedAt = new Date() } = await read(context);
    const { manifest } = await manifestOf(id);
    const isHead = context.req.method === "HEAD";
    const body = isHead ? null : asBody(runArchive(store.blobs, manifest.manifest, endedAt));
    const disposition = `attachment; filename="${id}.tar.gz"`;
    return streamReply(context, body, { "content-type": "application/gzip", "content-disposition": disposition });
  });
  app.openapi(getPatchEndpoint, (context) => send(context, "patch", "text/x-diff", ".patch"));
  app.openapi(getBundleEndpoint, (context) => send(context, "bundle", "application/x-git-bundle", ".bundle"));
}
