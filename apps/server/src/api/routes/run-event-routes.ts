import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import { getEventsEndpoint } from "../endpoints/run-endpoints.ts";
import { getJournalEndpoint } from "../endpoints/run-file-endpoints.ts";
import { type EventFormat, eventStream, jsonLines, serverSentEvents } from "../events/event-stream.ts";
import type { FeedEvent } from "../events/run-feed.ts";
import { RunFeeds } from "../events/run-feeds.ts";
import { streamReply } from "../replies/stream-reply.ts";
import { readableRun } from "../run-access.ts";

/** `/v1/runs/{id}/events` and `/v1/runs/{id}/journal`. */
export function addRunEventRoutes(app: OpenAPIHono<ApiEnv>, { store }: ApiParts): void {
  const feeds = new RunFeeds(store);
  app.openapi(getEventsEndpoint, async (context) => {
    const run = await readableRun(store, context.var.principal, context.req.valid("param").id);
    const query = context.req.valid("query");
    const lastId = context.req.valid("header")["last-event-id"];
    const after = lastId === undefined ? (query.after ?? 0) : Number(lastId);
    const isLines = context.req.header("accept")?.includes("application/x-ndjson") === true;
    const format = isLines ? jsonLines : serverSentEvents;
    const follows = query.follow === undefined ? !isLines : query.follow === "true";
    // The end of an `EventSource`, which would ask again and again.
    if (!isLines && run.state === "ended" && after >= run.lastEventSeq) return context.body(null, 204);
    if (context.req.method === "HEAD") return streamReply(context, null, headersOf(format));
    const { signal } = context.req.raw;
    const pages = follows ? feeds.follow(run.id, after, signal) : feeds.stored(run.id, after);
    return streamReply(context, bodyOf(pages, format), headersOf(format));
  });
  app.openapi(getJournalEndpoint, async (context) => {
    const { id } = await readableRun(store, context.var.principal, context.req.valid("param").id);
    const body = context.req.method === "HEAD" ? null : bodyOf(feeds.stored(id, 0), jsonLines);
    const disposition = `attachment; filename="${id}.jsonl"`;
    return streamReply(context, body, { ...headersOf(jsonLines), "content-disposition": disposition });
  });
}

function bodyOf(pages: AsyncGenerator<readonly FeedEvent[], void>, format: EventFormat): ReadableStream<Uint8Array> {
  return eventStream(pages, format);
}

/** Proxies must neither keep nor buffer it. */
function headersOf({ contentType }: EventFormat): Record<string, string> {
  return { "content-type": contentType, "cache-control": "no-store", "x-accel-buffering": "no" };
}
