import { WorkerEntrypoint } from "cloudflare:workers";
import { anthropicApi } from "@glovebox/harness-claude-code/headless";
import type { WorkerEnv } from "../settings/worker-env.ts";

/**
 * The model API's address inside a container: plain HTTP that the platform redirects to this Worker. A documentation address
 * (RFC 5737), which is unreachable unless it is intercepted.
 */
export const modelAddress = "192.0.2.1:80";

/** The allowed model API requests. Others get 403. */
const allowed: ReadonlySet<string> = new Set(anthropicApi.paths.map(({ method, path }) => `${method} ${path}`));

/** Request headers that are dropped: credentials, and what describes the Worker. An upgrade would be sent as a plain `GET`. */
const stripped = ["authorization", "x-api-key", "cookie", "host", "upgrade"];
const strippedPrefixes = ["cf-", "x-forwarded-", "x-real-"];

/** Forwards a container's model requests: allows them by method and path, and adds the Worker's API key. */
export class ModelEgress extends WorkerEntrypoint<WorkerEnv> {
  override async fetch(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (!allowed.has(`${request.method} ${pathname}`))
      return apiError(403, `${request.method} ${pathname} is not allowed.`);
    const key = this.env.ANTHROPIC_API_KEY;
    if (!key) return apiError(503, "The Worker has no ANTHROPIC_API_KEY.");
    const base = (this.env.ANTHROPIC_BASE_URL || anthropicApi.upstream).replace(/\/$/, "");
    const headers = new Headers(request.headers);
    for (const name of [...headers.keys()]) {
      if (stripped.includes(name) || strippedPrefixes.some((prefix) => name.startsWith(prefix))) headers.delete(name);
    }
    headers.set(anthropicApi.keyHeader, key);
    // Redirects are returned to the program, so that the key is sent to one host only.
    const response = await fetch(`${base}${pathname}${search}`, {
      method: request.method,
      headers,
      body: request.body,
      redirect: "manual",
    });
    const forwarded = new Response(response.body, response);
    forwarded.headers.delete("set-cookie");
    return forwarded;
  }
}

/** An error in the format of the model API. */
function apiError(status: number, message: string): Response {
  return Response.json({ type: "error", error: { type: "permission_error", message } }, { status });
}

/** Returns {@link ModelEgress} as the target of intercepted requests. */
export function modelTarget(ctx: DurableObjectState): Fetcher {
  // `wrangler types` generates the types of a Worker's exports; a library has none.
  const exports = ctx.exports as unknown as { ModelEgress: (options: { props: object }) => Fetcher };
  return exports.ModelEgress({ props: {} });
}
