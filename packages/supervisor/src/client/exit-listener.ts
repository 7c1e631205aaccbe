import type { ClientHttp2Stream } from "node:http2";
import type { ProcessExit } from "@glovebox/core/provider";
import type { ExitEvent } from "../protocol/messages.ts";
import { StreamReader } from "../protocol/stream-reader.ts";
import { parseExit } from "./parse-exit.ts";

const maxEventBytes = 64 * 1024;
const lost: ProcessExit = { exitCode: null, reason: "lost" };

/** Hears of exits on a stream of their own: whoever does not read a process's output still learns that it has ended. */
export class ExitListener {
  readonly #waiting = new Map<string, Set<(exit: ProcessExit) => void>>();
  #ended = false;

  /** Reads until the stream ends; `onBroken` is told when what it holds makes no sense. */
  async listen(stream: ClientHttp2Stream, onBroken: (error: unknown) => void): Promise<void> {
    let held: Buffer = Buffer.alloc(0);
    try {
      const reader = new StreamReader(stream);
      for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) {
        held = Buffer.concat([held, piece]);
        for (let length = eventLength(held); length !== undefined; length = eventLength(held)) {
          this.#settle(JSON.parse(held.toString("utf8", 4, 4 + length)) as ExitEvent);
          held = held.subarray(4 + length);
        }
      }
    } catch (error) {
      onBroken(error);
    }
    this.#ended = true;
    for (const resolvers of this.#waiting.values()) for (const resolve of resolvers) resolve(lost);
    this.#waiting.clear();
  }

  /** Call it before the process can end. Resolves to `lost` when the connection breaks first. */
  wait(id: string): { readonly exit: Promise<ProcessExit>; settle(exit: ProcessExit): void } {
    const { promise, resolve } = withResolvers<ProcessExit>();
    if (this.#ended) resolve(lost);
    const resolvers = this.#waiting.get(id) ?? new Set();
    resolvers.add(resolve);
    if (!this.#ended) this.#waiting.set(id, resolvers);
    const settle = (exit: ProcessExit): void => {
      resolve(exit);
      resolvers.delete(resolve);
      if (resolvers.size === 0) this.#waiting.delete(id);
    };
    return { exit: promise, settle };
  }

  #settle(event: ExitEvent): void {
    const resolvers = this.#waiting.get(event.id);
    if (resolvers === undefined) return;
    this.#waiting.delete(event.id);
    for (const resolve of resolvers) resolve(parseExit(event.exit));
  }
}

/** Undefined while the event is not there as a whole. */
function eventLength(held: Buffer): number | undefined {
  if (held.length < 4) return undefined;
  const length = held.readUInt32BE(0);
  if (length > maxEventBytes) throw new Error("An event is too long.");
  return held.length < 4 + length ? undefined : length;
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
