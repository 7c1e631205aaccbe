import type { ClientHttp2Stream } from "node:http2";
import type { ProcessExit } from "@glovebox/core/provider";
import type { ExitEvent } from "../../protocol/messages.ts";
import { StreamReader } from "../../protocol/stream-reader.ts";
import { parseExit } from "./parse-exit.ts";

const maxEventBytes = 64 * 1024;
const lost: ProcessExit = { exitCode: null, reason: "lost" };

/** Receives exits on a stream of their own, so that they arrive even where nobody reads a process's output. */
export class ExitListener {
  readonly #waiting = new Map<string, Set<(exit: ProcessExit) => void>>();
  #ended = false;

  /** Reads until the stream ends; `onBroken` is called when its content is invalid. */
  async listen(stream: ClientHttp2Stream, onBroken: (error: unknown) => void): Promise<void> {
    let pending: Buffer = Buffer.alloc(0);
    try {
      const reader = new StreamReader(stream);
      for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) {
        pending = Buffer.concat([pending, piece]);
        for (let length = eventLength(pending); length !== undefined; length = eventLength(pending)) {
          this.#notify(JSON.parse(pending.toString("utf8", 4, 4 + length)) as ExitEvent);
          pending = pending.subarray(4 + length);
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
  wait(id: string): { readonly exit: Promise<ProcessExit>; resolve(exit: ProcessExit): void } {
    const { promise, resolve: onExit } = withResolvers<ProcessExit>();
    if (this.#ended) onExit(lost);
    const resolvers = this.#waiting.get(id) ?? new Set();
    resolvers.add(onExit);
    if (!this.#ended) this.#waiting.set(id, resolvers);
    const resolve = (exit: ProcessExit): void => {
      onExit(exit);
      resolvers.delete(onExit);
      if (resolvers.size === 0) this.#waiting.delete(id);
    };
    return { exit: promise, resolve };
  }

  #notify(event: ExitEvent): void {
    const resolvers = this.#waiting.get(event.id);
    if (resolvers === undefined) return;
    this.#waiting.delete(event.id);
    for (const resolve of resolvers) resolve(parseExit(event.exit));
  }
}

/** Undefined until the event has arrived as a whole. */
function eventLength(pending: Buffer): number | undefined {
  if (pending.length < 4) return undefined;
  const length = pending.readUInt32BE(0);
  if (length > maxEventBytes) throw new Error("An event is too long.");
  return pending.length < 4 + length ? undefined : length;
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((onResolve) => {
    resolve = onResolve;
  });
  return { promise, resolve };
}
