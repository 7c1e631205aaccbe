import { SandboxError } from "@glovebox/core/provider";
import { ApiError, sandboxNotFound } from "../api-error.ts";
import { runStartCommand } from "../sandboxes/envd/run-start-command.ts";
import type { GatewaySandbox } from "../sandboxes/gateway-sandbox.ts";
import type { ResolvedTemplate } from "../sandboxes/template-source.ts";
import type { ApiReply, ApiRequest, ApiRoutes } from "./api-request.ts";
import type { ControlContext } from "./control-context.ts";
import { selectSandboxes, sortKey, takePage } from "./list-query.ts";
import { parseRequest } from "./read-json.ts";
import { readTimeout } from "./read-timeout.ts";
import { newSandboxRecord } from "./sandbox-record-of.ts";
import { listedSandbox, sandboxAccess, sandboxDetail } from "./sandbox-reply.ts";
import { type NewSandboxRequest, networkUpdateSchema, newSandboxSchema } from "./sandbox-request.ts";

/** In seconds, of a request that names none: E2B's two versions of the call differ. */
const defaultTimeouts = { v1: 15, v2: 300 } as const;

/** Making, finding, changing and ending sandboxes. */
export function sandboxRoutes(context: ControlContext): ApiRoutes {
  const { registry, settings } = context;
  return {
    "POST /sandboxes": (request) => create(context, request, "v1"),
    "POST /v2/sandboxes": (request) => create(context, request, "v2"),
    // The first version knows no pages and no paused ones.
    "GET /sandboxes": async ({ query }) => {
      const requested = new URLSearchParams(query);
      requested.set("state", "running");
      return { status: 200, body: selectSandboxes(registry.all(), requested).map(listedSandbox) };
    },
    "GET /v2/sandboxes": (request) => list(context, request),
    "GET /sandboxes/{sandboxID}": async (request) => ({
      status: 200,
      body: sandboxDetail(findSandbox(context, request), settings.domain),
    }),
    "DELETE /sandboxes/{sandboxID}": async (request) => {
      await findSandbox(context, request).kill();
      return { status: 204 };
    },
    "PUT /sandboxes/{sandboxID}/network": async (request) => {
      const { allow_internet_access, ...network } = parseRequest(networkUpdateSchema, await request.json());
      await findSandbox(context, request).setNetwork(allow_internet_access, network);
      return { status: 204 };
    },
  };
}

/** The sandbox that a path names. Throws 404. */
export function findSandbox({ registry }: ControlContext, { params }: ApiRequest): GatewaySandbox {
  const { sandboxID = "" } = params;
  const sandbox = registry.find(sandboxID);
  if (sandbox === undefined) throw sandboxNotFound(sandboxID);
  return sandbox;
}

async function create(context: ControlContext, request: ApiRequest, version: "v1" | "v2"): Promise<ApiReply> {
  const { settings } = context;
  const requested = parseRequest(newSandboxSchema, await request.json());
  const timeoutMs = readTimeout(requested.timeout ?? defaultTimeouts[version], settings.limits);
  context.registry.assertRoom(1);
  const template = await resolveTemplate(context, requested);
  const make = ({ template: image }: ResolvedTemplate): Promise<GatewaySandbox> => {
    const record = newSandboxRecord(requested, template, { settings, alwaysSecure: version === "v2", timeoutMs });
    return context.registry.create(record, image, request.signal);
  };
  const sandbox = await make(template).catch(async (error: unknown) => {
    if (!SandboxError.isInstance(error) || error.code !== "template") throw error;
    // Its image may have been removed since it was looked up.
    context.templates.forget?.();
    return make(await resolveTemplate(context, requested));
  });
  try {
    await runStartCommand(sandbox, template);
    // A client that has gone does not know its id: nobody would end it before its time is over.
    request.signal.throwIfAborted();
  } catch (error) {
    await sandbox.kill();
    throw error;
  }
  return { status: 201, body: sandboxAccess(sandbox, settings.domain) };
}

async function resolveTemplate(
  { snapshots, templates }: ControlContext,
  { templateID }: NewSandboxRequest,
): Promise<ResolvedTemplate> {
  // Not with the client's signal: an image that is made for the first time outlasts its patience, and others wait for it too.
  const found = (await snapshots.resolve(templateID)) ?? (await templates.resolve(templateID));
  if (found === undefined) throw new ApiError(404, `template '${templateID}' not found`);
  return found;
}

async function list({ registry }: ControlContext, { query }: ApiRequest): Promise<ApiReply> {
  const selected = selectSandboxes(registry.all(), query);
  const { items, nextToken } = takePage(selected, query, sortKey);
  const running = selected.filter(({ isRunning }) => isRunning).length;
  const headers = { "x-total-running": String(running), ...(nextToken !== undefined && { "x-next-token": nextToken }) };
  return { status: 200, body: items.map(listedSandbox), headers };
}
