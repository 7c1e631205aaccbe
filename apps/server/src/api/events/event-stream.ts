import type { FeedEvent } from "./run-feed.ts";

/** How events are written: as server-sent events, or as a line of JSON each. */
export interface EventFormat {
  readonly contentType: string;
  /** Written first, so that the client gets the headers at once. */
  readonly opening: string;
  /** Written where there was no event for a while. */
  readonly heartbeat: string | undefined;
  format(event: FeedEvent): string;
}

/** Server-sent events. A client that lost its connection comes back after a second. */
export const serverSentEvents: EventFormat = {
  contentType: "text/event-stream; charset=utf-8",
  opening: "retry: 1000\n\n",
  heartbeat: ": alive\n\n",
  format: ({ seq, type, json }) => `id: ${seq}\nevent: ${type}\ndata: ${json}\n\n`,
};

/** Lines of JSON. */
export const jsonLines: EventFormat = {
  contentType: "application/x-ndjson",
  opening: "",
  heartbeat: undefined,
  format: ({ json }) => `${json}\n`,
};

const heartbeatMs = 15_000;

/** The body of a response with events: each page is written when the client has read what came before. */
export function eventStream(
  pages: AsyncGenerator<readonly FeedEvent[], void>,
  { opening, heartbeat, format }: EventFormat,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const texts = heartbeat === undefined ? bare(pages) : alive(pages, heartbeat);
  let isOpen = false;
  return new ReadableStream(
    {
      async pull(controller) {
        if (!isOpen && opening !== "") {
          isOpen = true;
          controller.enqueue(encoder.encode(opening));
          return;
        }
        const { done, value } = await texts.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(typeof value === "string" ? value : value.map(format).join("")));
      },
      async cancel() {
        await pages.return();
      },
    },
    { highWaterMark: 0 },
  );
}

type Pages = AsyncGenerator<readonly FeedEvent[], void>;

async function* bare(pages: Pages): AsyncGenerator<string | readonly FeedEvent[], void> {
  yield* pages;
}

/** The pages, and a heartbeat wherever there was none for a while. */
async function* alive(pages: Pages, heartbeat: string): AsyncGenerator<string | readonly FeedEvent[], void> {
  let next = pages.next();
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, heartbeatMs, undefined);
    });
    const result = await Promise.race([next, silence]).finally(() => clearTimeout(timer));
    if (result === undefined) yield heartbeat;
    else if (result.done === true) return;
    else {
      yield result.value;
      next = pages.next();
    }
  }
}
