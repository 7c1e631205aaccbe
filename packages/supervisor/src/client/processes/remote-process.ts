import { type ClientHttp2Stream, constants } from "node:http2";
import {
  type OutputChunk,
  type ProcessExit,
  SandboxNotFoundError,
  type SandboxProcess,
  SandboxProcessError,
} from "@glovebox/core/provider";
import type { RequestChannel } from "../request-channel.ts";
import { readOutput } from "./read-output.ts";

export interface RemoteProcessOptions {
  readonly id: string;
  readonly pid: number | undefined;
  readonly channel: RequestChannel;
  /** The answer whose body is the output. */
  readonly stream: ClientHttp2Stream;
  readonly from: number;
  readonly exit: Promise<ProcessExit>;
}

/** Streams of handles that nobody holds any more: an unread output must not stay for as long as the connection. */
const abandoned = new FinalizationRegistry<ClientHttp2Stream>(release);

/** A process in the sandbox, seen over the connection. */
export class RemoteProcess implements SandboxProcess {
  readonly id: string;
  readonly pid?: number;
  readonly exit: Promise<ProcessExit>;
  readonly output: AsyncIterable<OutputChunk>;
  readonly #channel: RequestChannel;
  readonly #stream: ClientHttp2Stream;
  #hasEnded = false;
  #read = false;
  /** Writes go one after the other. */
  #input: Promise<unknown> = Promise.resolve();

  constructor(options: RemoteProcessOptions) {
    const { id, pid, channel, stream, from, exit } = options;
    this.id = id;
    if (pid !== undefined) this.pid = pid;
    this.exit = exit;
    this.#channel = channel;
    this.#stream = stream;
    this.output = { [Symbol.asyncIterator]: () => this.#output(from) };
    exit.then(({ reason }) => {
      // Of one whose connection broke nobody knows that.
      this.#hasEnded = reason !== "lost";
    });
    abandoned.register(this, stream);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#afterInput(async () => {
      if (bytes.byteLength === 0) return;
      const stream = this.#channel.open("POST", `/input/${this.id}?bytes=${bytes.byteLength}`);
      stream.end(bytes);
      try {
        await this.#channel.answer(stream);
      } catch (error) {
        if (!(error instanceof SandboxNotFoundError)) throw error;
        throw new SandboxProcessError(`The process ${this.id} has ended.`, { providerId: this.#channel.providerId });
      }
      stream.resume();
    });
  }

  closeInput(): Promise<void> {
    return this.#afterInput(() => this.#unlessGone(`/close-input/${this.id}`));
  }

  async kill(signal = "SIGKILL"): Promise<void> {
    if (this.#hasEnded) return;
    await this.#unlessGone(`/kill/${this.id}?signal=${encodeURIComponent(signal)}`);
  }

  async #unlessGone(path: string): Promise<void> {
    try {
      await this.#channel.call("POST", path);
    } catch (error) {
      // So long ended that the supervisor has forgotten it.
      if (!(error instanceof SandboxNotFoundError)) throw error;
    }
  }

  async #afterInput(work: () => Promise<void>): Promise<void> {
    const turn = this.#input.then(work);
    this.#input = turn.catch(() => {});
    await turn;
  }

  async *#output(from: number): AsyncGenerator<OutputChunk, void> {
    if (this.#read) throw new Error(`The output of ${this.id} is for one reader; attach again for another.`);
    this.#read = true;
    let broken: unknown;
    const chunks = readOutput(this.#stream, from);
    try {
      for (;;) {
        const next = await chunks.next().catch((error: unknown) => {
          broken = error;
        });
        if (next === undefined) throw this.#channel.lost(broken);
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      release(this.#stream);
    }
  }
}

/** Stops reading the output. Input that is on its way still arrives. */
function release(stream: ClientHttp2Stream): void {
  if (stream.writableFinished) stream.close(constants.NGHTTP2_CANCEL);
  else {
    stream.once("finish", () => stream.close(constants.NGHTTP2_CANCEL));
    stream.resume();
  }
}
