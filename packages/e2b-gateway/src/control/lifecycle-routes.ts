import { ApiError } from "../api-error.ts";
import type { ApiReply, ApiRequest, ApiRoutes } from "./api-request.ts";
import type { ControlContext } from "./control-context.ts";
import { parseRequest } from "./read-json.ts";
import { readTimeout } from "./read-timeout.ts";
import { sandboxAccess } from "./sandbox-reply.ts";
import { connectSchema, pauseSchema, refreshSchema, timeoutSchema } from "./sandbox-request.ts";
import { findSandbox } from "./sandbox-routes.ts";

/** In seconds, of a request that names none. */
const defaultTimeouts = { connect: 300, resume: 15, refresh: 15 } as const;

/** How long sandboxes live, and their sleep. */
export function lifecycleRoutes(context: ControlContext): ApiRoutes {
  const { limits } = context.settings;
  return {
    "POST /sandboxes/{sandboxID}/connect": (request) => connect(context, request),
    "POST /v2/sandboxes/{sandboxID}/connect": (request) => connect(context, request),
    "POST /sandboxes/{sandboxID}/resume": (request) => resume(context, request),
    "POST /sandboxes/{sandboxID}/timeout": async (request) => {
      const { timeout } = parseRequest(timeoutSchema, await request.json());
      await findSandbox(context, request).setTimeout(readTimeout(timeout, limits));
      return { status: 204 };
    },
    "POST /sandboxes/{sandboxID}/refreshes": async (request) => {
      const { duration = defaultTimeouts.refresh } = parseRequest(refreshSchema, await request.json());
      await findSandbox(context, request).refresh(readTimeout(duration, limits));
      return { status: 204 };
    },
    "POST /sandboxes/{sandboxID}/pause": async (request) => {
      const { memory = true } = parseRequest(pauseSchema, await request.json());
      const sandbox = findSandbox(context, request);
      if (await sandbox.pause(memory)) return { status: 204 };
      throw new ApiError(409, `Error pausing sandbox - sandbox '${sandbox.id}' is already paused`);
    },
  };
}

async function connect(context: ControlContext, request: ApiRequest): Promise<ApiReply> {
  const { domain, limits } = context.settings;
  const requested = parseRequest(connectSchema, await request.json());
  const timeoutMs = readTimeout(requested.timeout ?? defaultTimeouts.connect, limits);
  const sandbox = findSandbox(context, request);
  if (!sandbox.isRunning) context.registry.assertRoom(1);
  const wasPaused = await sandbox.connect(timeoutMs, { reboot: requested.memory === false });
  return { status: wasPaused ? 201 : 200, body: sandboxAccess(sandbox, domain) };
}

/** As `connect`, but for a paused sandbox alone. */
async function resume(context: ControlContext, request: ApiRequest): Promise<ApiReply> {
  const { domain, limits } = context.settings;
  const requested = parseRequest(connectSchema, await request.json());
  const timeoutMs = readTimeout(requested.timeout ?? defaultTimeouts.resume, limits);
  const sandbox = findSandbox(context, request);
  if (sandbox.isRunning) throw new ApiError(409, `Sandbox ${sandbox.id} is already running`);
  context.registry.assertRoom(1);
  await sandbox.connect(timeoutMs, { reboot: requested.memory === false });
  return { status: 201, body: sandboxAccess(sandbox, domain) };
}
