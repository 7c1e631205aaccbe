import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { ApiHandler, ApiReply, ApiRequest, ApiRoutes } from "../control/api-request.ts";
import { parseRequest } from "../control/read-json.ts";
import { envdVersion } from "../envd-version.ts";
import type { BuildLog } from "./build-log.ts";
import { buildRequestSchema, templateRequestSchema } from "./build-request.ts";
import type { TemplateBuilder } from "./template-builder.ts";
import { defaultTag, readTag, readTemplateName } from "./template-name.ts";
import type { BuildRecord, TemplateRecord } from "./template-record.ts";
import type { TemplateStore } from "./template-store.ts";

/** The most log entries in one answer, as in E2B. */
const maxLogEntries = 100;
/** Of the step that has failed, given with the reason. */
const reasonLines = 20;
const diskSizeMB = 10_240;

const logQuerySchema = z.object({
  logsOffset: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(maxLogEntries).default(maxLogEntries),
  level: z.enum(["debug", "info", "warn", "error"]).optional(),
});

const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(100),
  nextToken: z.string().regex(/^\d+$/).optional(),
});

const tagsSchema = z.array(z.string()).min(1).max(100);

/** E2B's routes about templates. What is uploaded for them is taken by `UploadDirectory` without a key. */
export function templateRoutes(store: TemplateStore, builder: TemplateBuilder): ApiRoutes {
  const request = requestBuild(store);
  const start = startBuild(store, builder);
  const update = updateTemplate(store);
  return {
    "POST /v3/templates": request,
    "POST /v2/templates": request,
    "GET /templates": async () => ({ status: 200, body: store.all().map(templateReply) }),
    "GET /v2/templates": listPage(store),
    "GET /templates/{templateID}": getTemplate(store),
    "DELETE /templates/{templateID}": async ({ params }) => {
      await store.remove(store.get(params.templateID ?? ""));
      return { status: 204 };
    },
    "PATCH /templates/{templateID}": update,
    "PATCH /v2/templates/{templateID}": update,
    "POST /v2/templates/{templateID}/builds/{buildID}": start,
    "GET /templates/{templateID}/builds/{buildID}/status": buildStatus(store, builder),
    "GET /templates/{templateID}/builds/{buildID}/logs": buildLogs(store, builder),
    "GET /templates/{templateID}/files/{hash}": uploadLink(store),
    "GET /templates/aliases/{alias}": getAlias(store),
    ...tagRoutes(store),
  };
}

function requestBuild(store: TemplateStore): ApiHandler {
  return async (request) => {
    const { record, build } = await store.request(parseRequest(templateRequestSchema, await request.json()));
    const { templateId: templateID, name } = record;
    const body = {
      templateID,
      buildID: build.buildId,
      public: record.public,
      aliases: [name],
      names: [name],
      tags: build.tags,
    };
    return { status: 202, body };
  };
}

function startBuild(store: TemplateStore, builder: TemplateBuilder): ApiHandler {
  return async (request) => {
    const { record, build } = buildOf(store, request);
    if (build.status !== "waiting") throw new ApiError(400, `The build is ${build.status}`);
    await builder.start(record, build.buildId, parseRequest(buildRequestSchema, (await request.json()) ?? {}));
    return { status: 202 };
  };
}

function buildStatus(store: TemplateStore, builder: TemplateBuilder): ApiHandler {
  return async (request) => {
    const { record, build } = buildOf(store, request);
    const { logsOffset, limit, level } = parseRequest(logQuerySchema, Object.fromEntries(request.query));
    const { buildId } = build;
    const log = builder.log(buildId);
    const body = {
      templateID: record.templateId,
      buildID: buildId,
      status: build.status,
      logs: [],
      logEntries: log.read({ offset: logsOffset, limit, level }),
      ...(build.status === "error" && { reason: reasonOf(build, log) }),
    };
    return { status: 200, body };
  };
}

function reasonOf({ failure }: BuildRecord, log: BuildLog): Record<string, unknown> {
  if (failure === undefined) return { message: "The gateway ended before the build did" };
  return { ...failure, logEntries: log.tail(failure.step, reasonLines) };
}

function buildLogs(store: TemplateStore, builder: TemplateBuilder): ApiHandler {
  return async (request) => {
    const { build } = buildOf(store, request);
    const { limit, level } = parseRequest(logQuerySchema, Object.fromEntries(request.query));
    const cursor = Number(request.query.get("cursor") ?? Number.NaN);
    const entries = builder.log(build.buildId).read({ limit: Number.POSITIVE_INFINITY, level });
    const isBackward = request.query.get("direction") === "backward";
    const after = entries.filter(({ timestamp }) => {
      const time = Date.parse(timestamp);
      return Number.isNaN(cursor) || (isBackward ? time <= cursor : time >= cursor);
    });
    return { status: 200, body: { logs: (isBackward ? after.toReversed() : after).slice(0, limit) } };
  };
}

function uploadLink(store: TemplateStore): ApiHandler {
  return async ({ params, origin }) => {
    store.get(params.templateID ?? "");
    const hash = params.hash ?? "";
    const body = { present: await store.uploads.has(hash), url: `${origin}${store.uploads.link(hash)}` };
    return { status: 201, body };
  };
}

function getAlias(store: TemplateStore): ApiHandler {
  return async ({ params }) => {
    const { name } = readTemplateName(params.alias ?? "");
    const record = store.find(name);
    if (record !== undefined) return { status: 200, body: { templateID: record.templateId, public: record.public } };
    const builtIn = store.builtIn(name);
    if (builtIn === undefined) throw new ApiError(404, `Template '${name}' not found`);
    return { status: 200, body: { templateID: builtIn.templateId, public: true } };
  };
}

function getTemplate(store: TemplateStore): ApiHandler {
  return async ({ params, query }) => {
    const record = store.get(params.templateID ?? "");
    const { page, headers } = pageOf([...record.builds].reverse(), query);
    const { templateId: templateID, name, spawnCount, lastSpawnedAt = null, createdAt, updatedAt } = record;
    const names = { aliases: [name], names: [name] };
    const times = { createdAt, updatedAt, lastSpawnedAt };
    const body = { templateID, ...names, public: record.public, spawnCount, ...times, builds: page.map(buildReply) };
    return { status: 200, headers, body };
  };
}

function listPage(store: TemplateStore): ApiHandler {
  return async ({ query }) => {
    const { page, headers } = pageOf(store.all(), query);
    return { status: 200, headers, body: page.map(templateReply) };
  };
}

function updateTemplate(store: TemplateStore): ApiHandler {
  return async (request) => {
    const record = store.get(request.params.templateID ?? "");
    const changes = parseRequest(z.object({ public: z.boolean().optional() }), (await request.json()) ?? {});
    await store.write({ ...record, public: changes.public ?? record.public });
    return { status: 200, body: { names: [record.name] } };
  };
}

function tagRoutes(store: TemplateStore): ApiRoutes {
  return {
    "GET /templates/{templateID}/tags": async ({ params }) => {
      const { tags } = store.get(params.templateID ?? "");
      const body = Object.entries(tags).map(([tag, { buildId, createdAt }]) => ({ tag, buildID: buildId, createdAt }));
      return { status: 200, body };
    },
    "POST /templates/tags": async (request) => {
      const requested = parseRequest(z.object({ target: z.string(), tags: tagsSchema }), await request.json());
      const tags = requested.tags.map(readTag);
      const { record, build } = store.tagged(requested.target);
      await store.tag(record, build.buildId, tags);
      return { status: 201, body: { buildID: build.buildId, tags } };
    },
    "DELETE /templates/tags": async (request): Promise<ApiReply> => {
      const { name, tags } = parseRequest(z.object({ name: z.string(), tags: tagsSchema }), await request.json());
      if (tags.includes(defaultTag)) throw new ApiError(400, `Cannot delete the '${defaultTag}' tag`);
      const record = store.get(name);
      const missing = tags.find((tag) => record.tags[tag] === undefined);
      if (missing !== undefined) throw new ApiError(404, `Template '${name}' has no tag '${missing}'`);
      await store.untag(record, tags);
      return { status: 204 };
    },
  };
}

function buildOf(store: TemplateStore, { params }: ApiRequest): { record: TemplateRecord; build: BuildRecord } {
  const record = store.get(params.templateID ?? "");
  const build = record.builds.find(({ buildId }) => buildId === params.buildID);
  if (build === undefined) throw new ApiError(404, `Build '${params.buildID}' not found`);
  return { record, build };
}

function templateReply(record: TemplateRecord): Record<string, unknown> {
  const ready = record.builds.findLast(({ status }) => status === "ready");
  const build = ready ?? record.builds.at(-1);
  return {
    templateID: record.templateId,
    buildID: build?.buildId ?? "",
    buildStatus: build?.status ?? "waiting",
    buildCount: record.builds.length,
    cpuCount: build?.cpuCount ?? 0,
    memoryMB: build?.memoryMB ?? 0,
    diskSizeMB,
    envdVersion,
    public: record.public,
    aliases: [record.name],
    names: [record.name],
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    createdBy: null,
    lastSpawnedAt: record.lastSpawnedAt ?? null,
    spawnCount: record.spawnCount,
  };
}

function buildReply(build: BuildRecord): Record<string, unknown> {
  const { buildId: buildID, status, createdAt, updatedAt, finishedAt, cpuCount, memoryMB } = build;
  const times = { createdAt, updatedAt, ...(finishedAt !== undefined && { finishedAt }) };
  return { buildID, status, ...times, cpuCount, memoryMB, diskSizeMB, envdVersion };
}

interface Page<T> {
  readonly page: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

function pageOf<T>(all: readonly T[], query: URLSearchParams): Page<T> {
  const { limit, nextToken = "0" } = parseRequest(pageQuerySchema, Object.fromEntries(query));
  const from = Number(nextToken);
  const next = from + limit;
  return { page: all.slice(from, next), headers: next < all.length ? { "x-next-token": String(next) } : {} };
}
