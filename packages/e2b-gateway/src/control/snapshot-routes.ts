import { ApiError, toApiError } from "../api-error.ts";
import { runStartCommand } from "../sandboxes/envd/run-start-command.ts";
import type { GatewaySandbox } from "../sandboxes/gateway-sandbox.ts";
import { newSandboxId, newTemplateId } from "../sandboxes/state/sandbox-id.ts";
import type { SandboxRecord, SnapshotRecord } from "../sandboxes/state/sandbox-record.ts";
import { defaultTag, snapshotId, splitTag } from "../sandboxes/state/snapshot-store.ts";
import type { ApiReply, ApiRequest, ApiRoutes } from "./api-request.ts";
import type { ControlContext } from "./control-context.ts";
import { takePage } from "./list-query.ts";
import { parseRequest } from "./read-json.ts";
import { readTimeout } from "./read-timeout.ts";
import { sandboxAccess } from "./sandbox-reply.ts";
import { forkSchema, snapshotSchema } from "./sandbox-request.ts";
import { findSandbox } from "./sandbox-routes.ts";

const defaultForkTimeout = 300;
const maxForks = 100;

/** Copies of sandboxes: kept as snapshots, or running at once as forks. `deleteTemplate` is for what is no snapshot. */
export function snapshotRoutes(
  context: ControlContext,
  deleteTemplate: (reference: string) => Promise<void>,
): ApiRoutes {
  const { snapshots } = context;
  return {
    // A snapshot is a template to E2B, and is deleted as one.
    "DELETE /templates/{templateID}": async ({ params }) => {
      const { templateID = "" } = params;
      if (!(await snapshots.remove(templateID))) await deleteTemplate(templateID);
      return { status: 204 };
    },
    "POST /sandboxes/{sandboxID}/snapshots": (request) => takeSnapshot(context, request),
    "POST /sandboxes/{sandboxID}/fork": (request) => fork(context, request),
    "GET /snapshots": async ({ query }) => {
      const [sandboxId, name] = [query.get("sandboxID"), query.get("name")];
      const named = name === null ? undefined : snapshots.find(name);
      const wanted = snapshots
        .all()
        .filter((one) => sandboxId === null || one.sandboxId === sandboxId)
        .filter((one) => name === null || one === named);
      const { items, nextToken } = takePage(
        wanted,
        query,
        ({ createdAt, templateId }) => `${createdAt}__${templateId}`,
      );
      const headers = nextToken === undefined ? {} : { "x-next-token": nextToken };
      return { status: 200, body: items.map(snapshotReply), headers };
    },
  };
}

async function takeSnapshot(context: ControlContext, request: ApiRequest): Promise<ApiReply> {
  const { name: requested } = parseRequest(snapshotSchema, await request.json());
  const sandbox = findSandbox(context, request);
  const { name, tag = defaultTag } = requested === undefined ? {} : readName(requested);
  const record = await snapshotOf(sandbox, name, tag);
  await context.snapshots.add(record);
  return { status: 201, body: snapshotReply(record) };
}

function readName(requested: string): { readonly name: string; readonly tag?: string } {
  const split = splitTag(requested);
  if (/^[a-z0-9][a-z0-9_-]*$/.test(split.name) && /^[a-zA-Z0-9._-]*$/.test(split.tag ?? "")) return split;
  throw new ApiError(400, `Invalid name: ${requested}`);
}

async function snapshotOf(sandbox: GatewaySandbox, name: string | undefined, tag: string): Promise<SnapshotRecord> {
  const template = await sandbox.snapshot();
  const { record } = sandbox;
  return {
    version: 1,
    templateId: newTemplateId(),
    ...(name !== undefined && { name }),
    tag,
    sandboxId: sandbox.id,
    createdAt: new Date().toISOString(),
    template: { ...template, packageHosts: template.packageHosts && [...template.packageHosts] },
    defaultUser: record.defaultUser,
    ...(record.defaultWorkdir !== undefined && { defaultWorkdir: record.defaultWorkdir }),
    ...(record.startCmd !== undefined && { startCmd: record.startCmd }),
    envVars: record.envVars,
    cpuCount: record.cpuCount,
    memoryMB: record.memoryMB,
    diskSizeMB: record.diskSizeMB,
  };
}

function snapshotReply(record: SnapshotRecord): Record<string, unknown> {
  return { snapshotID: snapshotId(record), names: record.name === undefined ? [] : [`${record.name}:${record.tag}`] };
}

async function fork(context: ControlContext, request: ApiRequest): Promise<ApiReply> {
  const { limits } = context.settings;
  const { timeout = defaultForkTimeout, count = 1 } = parseRequest(forkSchema, await request.json());
  const timeoutMs = readTimeout(timeout, limits);
  if (count < 1) throw new ApiError(400, "Count must be at least 1");
  if (count > maxForks) throw new ApiError(400, `Count cannot be greater than ${maxForks}`);
  if (count >= limits.maxSandboxes) {
    const message = `Count must be lower than the maximum number of concurrent sandboxes (${limits.maxSandboxes})`;
    throw new ApiError(400, message);
  }
  const original = findSandbox(context, request);
  if (!original.isRunning) {
    throw new ApiError(409, `Sandbox '${original.id}' is paused and cannot be forked; resume it first`);
  }
  const snapshot = await snapshotOf(original, undefined, defaultTag);
  const forks = Array.from({ length: count }, () => startFork(context, original, snapshot, timeoutMs));
  return { status: 201, body: await Promise.all(forks) };
}

/** One fork, or why there is none: it says nothing about the others. */
async function startFork(
  context: ControlContext,
  original: GatewaySandbox,
  { template }: SnapshotRecord,
  timeoutMs: number,
): Promise<Record<string, unknown>> {
  const now = Date.now();
  const { providerSandboxId: _, ...inherited } = original.record;
  const record: SandboxRecord = {
    ...inherited,
    sandboxId: newSandboxId(),
    startedAt: new Date(now).toISOString(),
    endAt: new Date(now + timeoutMs).toISOString(),
  };
  try {
    const { packageHosts, ...rest } = template;
    const started = { ...rest, ...(packageHosts !== undefined && { packageHosts }) };
    const sandbox = await context.registry.create(record, started);
    await runStartCommand(sandbox, record);
    return { sandbox: sandboxAccess(sandbox, context.settings.domain) };
  } catch (error) {
    const { status, message } = toApiError(error);
    return { error: { code: status, message } };
  }
}
