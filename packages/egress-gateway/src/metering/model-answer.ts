import { createParser } from "eventsource-parser";
import type { AnswerUsage, UsageReader } from "./answer-usage.ts";
import { EventFrames } from "./event-frames.ts";

/** The most of an answer that is held to be read: one event of a stream, or a whole answer without one. */
const maxBufferedLength = 16 * 1024 * 1024;

/** Server-sent events, events as AWS frames them, or JSON in one piece. */
export type AnswerKind = "stream" | "frames" | "json";

/** Reads the usage of an answer as its bytes pass: a stream of events, or JSON in one piece. */
export class ModelAnswer {
  readonly #reader: UsageReader;
  readonly #decoder = new TextDecoder();
  readonly #take: (chunk: Uint8Array) => void;
  readonly #finish: () => void;
  /** Past the bound of what is held: what follows is only weighed. */
  #isBlind = false;
  #unreadBytes = 0;

  constructor(kind: AnswerKind, reader: UsageReader) {
    this.#reader = reader;
    const text = (chunk: Uint8Array): string => this.#decoder.decode(chunk, { stream: true });
    if (kind === "frames") {
      const frames = new EventFrames((event) => reader.event(parse(event)));
      this.#take = (chunk) => {
        this.#isBlind = !frames.push(chunk);
      };
      this.#finish = () => {};
    } else if (kind === "stream") {
      const parser = createParser({
        maxBufferSize: maxBufferedLength,
        onEvent: ({ data }) => reader.event(parse(data)),
        onError: ({ type }) => {
          this.#isBlind ||= type === "max-buffer-size-exceeded";
        },
      });
      this.#take = (chunk) => parser.feed(text(chunk));
      this.#finish = () => {};
    } else {
      let body = "";
      this.#take = (chunk) => {
        body += text(chunk);
        this.#isBlind = body.length > maxBufferedLength;
        if (this.#isBlind) body = "";
      };
      this.#finish = () => reader.whole(parse(body));
    }
  }

  get isFinal(): boolean {
    return this.#reader.isFinal;
  }

  get isInputCounted(): boolean {
    return this.#reader.isInputCounted;
  }

  get usages(): readonly AnswerUsage[] {
    return this.#reader.usages(this.#unreadBytes);
  }

  push(chunk: Uint8Array): void {
    if (this.#isBlind) this.#unreadBytes += chunk.length;
    else this.#take(chunk);
  }

  /** Nothing follows. */
  end(): void {
    this.#finish();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON says nothing about its use.
    return undefined;
  }
}
