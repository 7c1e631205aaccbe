import * as z from "zod";
import manifest from "../package.json" with { type: "json" };
import { execute } from "./execute/execute.ts";
import { executeRequestSchema } from "./execute/execute-request.ts";
import { ApiError } from "./http/api-error.ts";
import { authorize } from "./http/authorize.ts";
import { handleErrors } from "./http/handle-errors.ts";
import { readBody } from "./http/read-body.ts";
import { withCors } from "./http/with-cors.ts";
import { sandboxRegistry } from "./registry/sandbox-registry.ts";
import { sandboxIdOf, sandboxIdPattern, sandboxSpecSchema } from "./sandbox/sandbox-spec.ts";
import type { WorkerEnv } from "./settings/worker-env.ts";
import { readWorkerSettings, type WorkerSettings } from "./settings/worker-settings.ts";

export { ModelEgress } from "./execute/model-egress.ts";
export { SandboxRegistry } from "./registry/sandbox-registry.ts";
export { SandboxObject } from "./sandbox/sandbox-object.ts";

const protocol = 1;
const maxExecuteBytes = 24 * 1024 * 1024;

/** Public pages of a Worker that has a key. */
const publicPages: Readonly<Record<string, () => object>> = {
  "/": () => ({ name: "Glovebox", endpoints: { execute: "POST /execute", health: "GET /health", sandboxes: "/v1" } }),
  "/health": () => ({ status: "healthy", timestamp: new Date().toISOString(), worker: "glovebox" }),
};

// The platform takes a Worker's handlers from its default export.
// biome-ignore lint/style/noDefaultExport: the platform asks for it
export default {
  fetch: (request, env, ctx) =>
    handleErrors(async () => {
      const settings = readWorkerSettings(env);
      return withCors(request, settings.corsOrigins, () => {
        const response = handleErrors(() => serve(request, env, settings));
        // Finish the request even if the client disconnects.
        ctx.waitUntil(response);
        return response;
      });
    }),
} satisfies ExportedHandler<WorkerEnv>;

async function serve(request: Request, env: WorkerEnv, settings: WorkerSettings): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const page = env.GLOVEBOX_API_KEY && request.method === "GET" ? publicPages[pathname] : undefined;
  if (page !== undefined) return Response.json(page());
  await authorize(request, env.GLOVEBOX_API_KEY);
  const [, version, kind, id] = pathname.split("/");
  if (version === "v1" && kind === "sandboxes" && id !== undefined && sandboxIdPattern.test(id)) {
    return env.SANDBOX.getByName(id).fetch(request);
  }
  if (version === "v1" && kind === "snapshots" && id !== undefined && request.method === "DELETE") {
    await sandboxRegistry(env).removeSnapshot(id);
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
      throw new ApiError("not-found", `Not found: ${request.method} ${pathname}.`, {
        hint: "See GET /v1, POST /execute and GET /health.",
      });
  }
}

async function about(env: WorkerEnv, settings: WorkerSettings): Promise<Response> {
  const { instanceTypes, defaultInstanceType, maxTtlMs, retentionDays, maxSandboxes, location, managedImages } =
    settings;
  // Only an object with a container knows the configured images; this one never starts its container.
  const imageReferences = await env.SANDBOX.getByName("about").images();
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
  const spec = await readBody(request, sandboxSpecSchema);
  const id = await sandboxIdOf(spec.idempotencyKey);
  const location = spec.location ?? settings.location;
  const sandbox = env.SANDBOX.get(env.SANDBOX.idFromName(id), { ...(location && { locationHint: location }) });
  return sandbox.create({ id, spec });
}

const listSchema = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().regex(sandboxIdPattern).optional(),
  labels: z.array(z.string().regex(/^[^=]+=/, "expected name=value")).max(32),
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
  return Response.json(await sandboxRegistry(env).list({ labels: pairs, limit, ...(cursor && { after: cursor }) }));
}

const templateSchema = z.strictObject({ reference: z.string().min(1).max(600) });

async function template(request: Request, env: WorkerEnv, digest: string): Promise<Response> {
  if (!/^[0-9a-f]{16,128}$/.test(digest))
    throw new ApiError("invalid-options", "The template digest must be hexadecimal.");
  const registry = sandboxRegistry(env);
  if (request.method === "PUT") await registry.putTemplate(digest, (await readBody(request, templateSchema)).reference);
  const reference = await registry.template(digest);
  if (reference === undefined) throw new ApiError("not-found", "The template does not exist.");
  return Response.json({ reference });
}
