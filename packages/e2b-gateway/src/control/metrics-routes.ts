import { ApiError } from "../api-error.ts";
import type { SandboxMetrics } from "../sandboxes/envd/sandbox-metrics.ts";
import type { ApiRoutes } from "./api-request.ts";
import type { ControlContext } from "./control-context.ts";
import { findSandbox } from "./sandbox-routes.ts";

const maxSandboxesAtOnce = 100;

/** What sandboxes use and say. */
export function metricsRoutes(context: ControlContext, metrics: SandboxMetrics): ApiRoutes {
  return {
    "GET /sandboxes/{sandboxID}/metrics": async (request) => {
      const [start, end] = ["start", "end"].map((name) => readSeconds(request.query.get(name), name));
      return { status: 200, body: await metrics.of(findSandbox(context, request), start, end) };
    },
    "GET /sandboxes/metrics": async ({ query }) => {
      const ids = query.getAll("sandbox_ids").flatMap((text) => text.split(","));
      if (ids.length > maxSandboxesAtOnce)
        throw new ApiError(400, `At most ${maxSandboxesAtOnce} sandboxes can be asked for`);
      const found = ids.flatMap((id) => context.registry.find(id) ?? []);
      const samples = await Promise.all(found.map(async (one) => [one.id, (await metrics.of(one)).at(-1)] as const));
      const available = samples.filter(([, newest]) => newest !== undefined);
      return { status: 200, body: { sandboxes: Object.fromEntries(available) } };
    },
    // What envd says is not kept: there is nothing to tell.
    "GET /sandboxes/{sandboxID}/logs": async (request) => {
      findSandbox(context, request);
      return { status: 200, body: { logs: [], logEntries: [] } };
    },
    "GET /v2/sandboxes/{sandboxID}/logs": async (request) => {
      findSandbox(context, request);
      return { status: 200, body: { logs: [] } };
    },
  };
}

/** Unix time in seconds, as milliseconds. */
function readSeconds(text: string | null, name: string): number | undefined {
  if (text === null) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds * 1000;
  throw new ApiError(400, `Invalid ${name}: ${text}`);
}
