import { createParser } from "eventsource-parser";
import type { AnswerUsage, UsageReader } from "./answer-usage.ts";

/** The most of an answer that is held to be read: one event of a stream, or a whole answer without one. */
const maxBufferedLength = 16 * 1024 * 1024;

/** Reads the usage of an answer as its bytes pass: a stream of events, or JSON in one piece. */
export class ModelAnswer {
  readonly #reader: UsageReader;
  readonly #decoder = new TextDecoder();
  readonly #take: (text: string) => void;
  readonly #finish: () => void;
  /** Past the bound of what is held: what follows is only weighed. */
  #isBlind = false;
  #unreadBytes = 0;

  constructor(kind: "stream" | "json", reader: UsageReader) {
    this.#reader = reader;
    if (kind === "stream") {
      const parser = createParser({
        maxBufferSize: maxBufferedLength,
        onEvent: ({ data }) => reader.event(parse(data)),
        onError: ({ type }) => {
          this.#isBlind ||= type === "max-buffer-size-exceeded";
        },
      });
      this.#take = (text) => parser.feed(text);
      this.#finish = () => {};
    } else {
      let body = "";
      this.#take = (text) => {
        body += text;
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
    else this.#take(this.#decoder.decode(chunk, { stream: true }));
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
