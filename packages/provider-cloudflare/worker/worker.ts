import * as z from "zod";
import manifest from "../package.json" with { type: "json" };
import { answer } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import { authorize } from "./authorize.ts";
import { boxIndex } from "./box-index.ts";
import { boxId, boxIdPattern, boxSpecSchema } from "./box-spec.ts";
import { execute } from "./execute.ts";
import { executeRequestSchema } from "./execute-request.ts";
import { readBody } from "./read-body.ts";
import { withCors } from "./with-cors.ts";
import type { WorkerEnv } from "./worker-env.ts";
import { readWorkerSettings, type WorkerSettings } from "./worker-settings.ts";

export { Box } from "./box.ts";
export { BoxIndex } from "./box-index.ts";
export { ModelEgress } from "./model-egress.ts";

const protocol = 1;
const maxExecuteBytes = 24 * 1024 * 1024;

/** What anybody may read of a Worker that has a key: that it is one, and that it lives. */
const openPages: Readonly<Record<string, () => object>> = {
  "/": () => ({ name: "Glovebox", endpoints: { execute: "POST /execute", health: "GET /health", sandboxes: "/v1" } }),
  "/health": () => ({ status: "healthy", timestamp: new Date().toISOString(), worker: "glovebox" }),
};

// The platform takes a Worker's handlers from its default export.
// biome-ignore lint/style/noDefaultExport: the platform asks for it
export default {
  fetch: (request, env, ctx) =>
    answer(async () => {
      const settings = readWorkerSettings(env);
      return withCors(request, settings.corsOrigins, () => {
        const answered = answer(() => serve(request, env, settings));
        // What a client began is done to its end, also when it goes away.
        ctx.waitUntil(answered);
        return answered;
      });
    }),
} satisfies ExportedHandler<WorkerEnv>;

async function serve(request: Request, env: WorkerEnv, settings: WorkerSettings): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const open = env.GLOVEBOX_API_KEY && request.method === "GET" ? openPages[pathname] : undefined;
  if (open !== undefined) return Response.json(open());
  await authorize(request, env.GLOVEBOX_API_KEY);
  const [, version, kind, id] = pathname.split("/");
  if (version === "v1" && kind === "sandboxes" && id !== undefined && boxIdPattern.test(id)) {
    return env.BOX.getByName(id).fetch(request);
  }
  if (version === "v1" && kind === "snapshots" && id !== undefined && request.method === "DELETE") {
    await boxIndex(env).removeSnapshot(id);
    return new Response(null, { status: 204 });
  }
  if (version === "v1" && kind === "templates" && id !== undefined) {
    if (request.method === "GET" || request.method === "PUT") return template(request, env, id);
  }
  switch (`${request.method} ${pathname}`) {
    case "GET /v1":
      return about(env, settings);
    case "POST /v1/sandboxes":
      return create(request, env, settings);
    case "GET /v1/sandboxes":
      return list(env, searchParams);
    case "POST /execute":
      return execute(env, await readBody(request, executeRequestSchema, maxExecuteBytes));
    default:
      throw new ApiError("not-found", `There is no ${request.method} ${pathname}.`, {
        hint: "See GET /v1, POST /execute and GET /health.",
      });
  }
}

async function about(env: WorkerEnv, settings: WorkerSettings): Promise<Response> {
  const { instanceTypes, defaultInstanceType, maxTtlMs, retentionDays, maxSandboxes, location, managedImages } =
    settings;
  // Only an object with a container knows the images of the configuration; this one never starts its own.
  const imageReferences = await env.BOX.getByName("about").images();
  return Response.json({
    protocol,
    version: manifest.version,
    capabilities: { snapshot: true, wake: true, ports: true, execute: Boolean(env.ANTHROPIC_API_KEY), managedImages },
    images: Object.keys(imageReferences),
    imageReferences,
    instanceTypes,
    defaultInstanceType,
    maxTtlMs,
    settings: { retentionDays, ...(maxSandboxes && { maxSandboxes }), ...(location && { location }) },
  });
}

async function create(request: Request, env: WorkerEnv, settings: WorkerSettings): Promise<Response> {
  const spec = await readBody(request, boxSpecSchema);
  const id = await boxId(spec.idempotencyKey);
  const location = spec.location ?? settings.location;
  const box = env.BOX.get(env.BOX.idFromName(id), { ...(location && { locationHint: location }) });
  return box.create({ id, spec });
}

const listSchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().regex(boxIdPattern).optional(),
  labels: z.array(z.string().regex(/^[^=]+=/, "a label is asked for as name=value")).max(32),
});

async function list(env: WorkerEnv, params: URLSearchParams): Promise<Response> {
  const parsed = listSchema.safeParse({
    limit: params.get("limit") ?? undefined,
    cursor: params.get("cursor") ?? undefined,
    labels: params.getAll("label"),
  });
  if (!parsed.success) throw new ApiError("invalid-options", z.prettifyError(parsed.error));
  const { limit, cursor, labels } = parsed.data;
  const pairs = labels.map(
    (label) => [label.slice(0, label.indexOf("=")), label.slice(label.indexOf("=") + 1)] as const,
  );
  return Response.json(await boxIndex(env).list({ labels: pairs, limit, ...(cursor && { after: cursor }) }));
}

const templateSchema = z.strictObject({ reference: z.string().min(1).max(600) });

async function template(request: Request, env: WorkerEnv, digest: string): Promise<Response> {
  if (!/^[0-9a-f]{16,128}$/.test(digest)) throw new ApiError("invalid-options", "A template's digest is hexadecimal.");
  const index = boxIndex(env);
  if (request.method === "PUT") await index.putTemplate(digest, (await readBody(request, templateSchema)).reference);
  const reference = await index.template(digest);
  if (reference === undefined) throw new ApiError("not-found", "There is no such template.");
  return Response.json({ reference });
}
