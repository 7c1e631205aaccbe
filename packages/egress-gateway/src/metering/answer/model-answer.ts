import { createParser } from "eventsource-parser";
import type { AnswerUsage, UsageReader } from "./answer-usage.ts";
import { EventFrames } from "./event-frames.ts";

/** The most of an answer that is held to be read: one event of a stream, or a whole answer without one. */
const maxBufferedLength = 16 * 1024 * 1024;

/** Server-sent events, events as AWS frames them, JSON in one piece, or one of the first and the last that nobody has named. */
export type AnswerKind = "stream" | "frames" | "json" | "unnamed";

/** Reads the usage of an answer as its bytes pass: a stream of events, or JSON in one piece. */
export class ModelAnswer {
  readonly #reader: UsageReader;
  readonly #decoder = new TextDecoder();
  #take: (chunk: Uint8Array) => void = () => {};
  #finish: () => void = () => {};
  /** Past the bound of what is held: what follows is only weighed. */
  #isBlind = false;
  #unreadBytes = 0;

  constructor(kind: AnswerKind, reader: UsageReader) {
    this.#reader = reader;
    if (kind === "frames") this.#takeFrames();
    else if (kind === "stream") this.#takeStream();
    else if (kind === "json") this.#takeJson();
    else this.#takeUnnamed();
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

  #takeFrames(): void {
    const frames = new EventFrames((event) => this.#reader.event(parse(event)));
    this.#take = (chunk) => {
      this.#isBlind = !frames.push(chunk);
    };
  }

  #takeStream(): void {
    const parser = createParser({
      maxBufferSize: maxBufferedLength,
      onEvent: ({ data }) => this.#reader.event(parse(data)),
      onError: ({ type }) => {
        this.#isBlind ||= type === "max-buffer-size-exceeded";
      },
    });
    this.#take = (chunk) => parser.feed(this.#text(chunk));
  }

  #takeJson(): void {
    let body = "";
    this.#take = (chunk) => {
      body += this.#text(chunk);
      this.#isBlind = body.length > maxBufferedLength;
      if (this.#isBlind) body = "";
    };
    this.#finish = () => this.#reader.whole(parse(body));
  }

  /** The first character tells JSON from a stream. */
  #takeUnnamed(): void {
    this.#take = (chunk) => {
      const begin = Buffer.from(chunk).toString("latin1").trimStart();
      if (begin === "") return;
      if (begin.startsWith("{")) this.#takeJson();
      else this.#takeStream();
      this.#take(chunk);
    };
  }

  #text(chunk: Uint8Array): string {
    return this.#decoder.decode(chunk, { stream: true });
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
