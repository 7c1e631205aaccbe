import { WorkerEntrypoint } from "cloudflare:workers";
import type { WorkerEnv } from "./worker-env.ts";

/**
 * Where programs in a container find the model, as plain HTTP that the platform hands to this Worker. An address that leads
 * nowhere (RFC 5737): where nothing intercepts it, nothing is reached.
 */
export const modelAddress = "192.0.2.1:80";

const defaultUpstream = "https://api.anthropic.com";

/** What may be asked of the model's API. Everything else is refused. */
const allowed: ReadonlySet<string> = new Set(["POST /v1/messages", "POST /v1/messages/count_tokens", "HEAD /"]);

/** What a program inside may not say for itself, or must not learn the Worker's own of. An upgrade would go out as a `GET`. */
const stripped = ["authorization", "x-api-key", "cookie", "host", "upgrade"];
const strippedPrefixes = ["cf-", "x-forwarded-", "x-real-"];

/** The way of a container's model requests: by path, with the Worker's key in place of theirs. */
export class ModelEgress extends WorkerEntrypoint<WorkerEnv> {
  override async fetch(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (!allowed.has(`${request.method} ${pathname}`))
      return refusal(403, `${request.method} ${pathname} is not allowed.`);
    const key = this.env.ANTHROPIC_API_KEY;
    if (!key) return refusal(503, "The Worker has no ANTHROPIC_API_KEY.");
    const base = (this.env.ANTHROPIC_BASE_URL || defaultUpstream).replace(/\/$/, "");
    const headers = new Headers(request.headers);
    for (const name of [...headers.keys()]) {
      if (stripped.includes(name) || strippedPrefixes.some((prefix) => name.startsWith(prefix))) headers.delete(name);
    }
    headers.set("x-api-key", key);
    // A redirect is the program's to follow: the key goes to one place only.
    const answer = await fetch(`${base}${pathname}${search}`, {
      method: request.method,
      headers,
      body: request.body,
      redirect: "manual",
    });
    const passed = new Response(answer.body, answer);
    passed.headers.delete("set-cookie");
    return passed;
  }
}

/** In the form that the API's own refusals have. */
function refusal(status: number, message: string): Response {
  return Response.json({ type: "error", error: { type: "permission_error", message } }, { status });
}

/** {@link ModelEgress} as something that a container's requests can be handed to. */
export function modelTarget(ctx: DurableObjectState): Fetcher {
  // The types of a Worker's own exports are made by `wrangler types`, which a library has not.
  const exports = ctx.exports as unknown as { ModelEgress: (options: { props: object }) => Fetcher };
  return exports.ModelEgress({ props: {} });
}
