import { GloveboxApiError } from "../api-error.ts";
import type { RunEvent } from "../models.ts";
import type { SendRequest } from "../send-request.ts";
import { parseServerSentEvents } from "./server-sent-events.ts";

/** How the events of a run are followed. */
export interface FollowOptions {
  /** Only events with a higher number. Default: 0, which is all of them. */
  readonly after?: number;
  /** Ends following: the iteration throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** How long the server may be out of reach before the iteration throws, in milliseconds. Default: a minute. */
  readonly outageMs?: number;
}

/** The server sends a heartbeat every 15 seconds. */
const silenceMs = 50_000;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/**
 * The events of a run, each once and in order, to its end. A connection that breaks is made again and resumes where it broke.
 * Throws a {@link GloveboxApiError} for a request that the server refuses.
 */
export async function* followEvents(
  send: SendRequest,
  runId: string,
  { after = 0, signal, outageMs = 60_000 }: FollowOptions = {},
): AsyncGenerator<RunEvent> {
  let last = after;
  let outageSince: number | undefined;
  let pauseMs = firstPauseMs;
  for (;;) {
    signal?.throwIfAborted();
    let failure: unknown;
    try {
      for await (const event of connect(send, runId, last, signal)) {
        outageSince = undefined;
        pauseMs = firstPauseMs;
        if (event === "end") return;
        // A proxy may repeat what it has kept.
        if (event.seq <= last) continue;
        last = event.seq;
        yield event;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (GloveboxApiError.isInstance(error) && !isPassing(error)) throw error;
      failure = error;
    }
    const now = Date.now();
    if (failure !== undefined) outageSince ??= now;
    if (outageSince !== undefined && now - outageSince >= outageMs) throw failure;
    await pause(pauseMs * (0.5 + Math.random() / 2), signal);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
}

/** The events of one connection, and `end` if the run has ended and every event was received. */
async function* connect(
  send: SendRequest,
  runId: string,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent | "end"> {
  const silence = new AbortController();
  const timer = new Timer(silenceMs, () => silence.abort(new Error("The server sent no heartbeat")));
  try {
    const response = await send(`/v1/runs/${encodeURIComponent(runId)}/events`, {
      headers: { accept: "text/event-stream", "last-event-id": String(after) },
      signal: signal === undefined ? silence.signal : AbortSignal.any([silence.signal, signal]),
    });
    if (response.status === 204) {
      yield "end";
      return;
    }
    if (!response.ok) throw await GloveboxApiError.of(response);
    if (response.body === null) throw new Error("The server sent no events");
    for await (const { data } of parseServerSentEvents(response.body, () => timer.restart())) {
      timer.stop();
      yield JSON.parse(data) as RunEvent;
      timer.restart();
    }
  } finally {
    timer.stop();
  }
}

/** Whether the same request may succeed a little later. */
function isPassing({ status }: GloveboxApiError): boolean {
  return status === 408 || status === 429 || status === 502 || status === 503 || status === 504;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

class Timer {
  readonly #ms: number;
  readonly #act: () => void;
  #timer: ReturnType<typeof setTimeout>;

  constructor(ms: number, act: () => void) {
    this.#ms = ms;
    this.#act = act;
    this.#timer = setTimeout(act, ms);
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#act, this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
