import type { Duplex, Transform } from "node:stream";

export interface PipeBothOptions {
  /** Of both sides together, without a byte either way. */
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Transforms for the outgoing bytes, and for the incoming ones. */
  readonly out?: readonly Transform[];
  readonly back?: readonly Transform[];
  /** Called for each chunk: what went out, what came in. */
  readonly onOut: (bytes: number) => void;
  readonly onIn: (bytes: number) => void;
}

/**
 * Joins two streams until both have ended: bytes as they are, with backpressure. The end of one side is the end of the
 * other's input alone; a broken side breaks the other. Resolves with why it broke, or undefined where it did not or the
 * inside broke it.
 */
export function pipeBoth(inside: Duplex, outside: Duplex, options: PipeBothOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    let reason: string | undefined;
    let open = 2;
    const end = (why: string): void => {
      reason ??= why;
      inside.destroy(new Error(why));
      outside.destroy();
    };
    const stop = (): void => end("the gateway is closing");
    const idle = setTimeout(() => end("idle timeout: no data in either direction"), options.idleTimeoutMs);
    options.signal.addEventListener("abort", stop, { once: true });
    const over = (side: Duplex, other: Duplex): void => {
      if (side.errored !== null && side === outside) end("the other side broke the connection off");
      // A client may disconnect at any time, and often does once it has what it needs: nothing failed.
      else if (side.errored !== null) outside.destroy();
      // Both directions are closed: what it sent is flushed, and what the other still has to send would reach nobody.
      else if (!(side.readableEnded && side.writableFinished)) other.end(() => other.destroy());
      open -= 1;
      if (open > 0) return;
      clearTimeout(idle);
      options.signal.removeEventListener("abort", stop);
      resolve(reason);
    };
    const join = (from: Duplex, by: readonly Transform[], to: Duplex, count: (bytes: number) => void): void => {
      from.on("data", (chunk: Buffer) => {
        idle.refresh();
        count(chunk.length);
      });
      from.on("error", () => {});
      if (from.closed) queueMicrotask(() => over(from, to));
      else from.once("close", () => over(from, to));
      let last: NodeJS.ReadableStream = from;
      for (const step of by) last = last.pipe(step);
      last.pipe(to);
    };
    join(inside, options.out ?? [], outside, options.onOut);
    join(outside, options.back ?? [], inside, options.onIn);
    if (options.signal.aborted) stop();
  });
}
