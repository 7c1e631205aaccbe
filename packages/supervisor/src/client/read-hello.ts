import type { Duplex } from "node:stream";
import { SandboxAbortedError, SandboxLostError, SandboxTimeoutError } from "@glovebox/core/provider";
import { helloPrefix, maxHelloBytes } from "../protocol/hello.ts";

export interface ReadHelloOptions {
  readonly providerId: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Reads the greeting and gives the version it names. What follows the greeting stays in the stream. */
export function readHello(duplex: Duplex, options: ReadHelloOptions): Promise<string> {
  const { providerId, timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    let seen: Buffer = Buffer.alloc(0);
    const cleanUp = (finish: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      for (const [event, listener] of listeners) duplex.off(event, listener);
      finish();
    };
    const lost = (why: string) => (cause?: unknown) =>
      cleanUp(() => reject(new SandboxLostError(`The supervisor did not greet: ${why}.`, { providerId, cause })));
    const onAbort = (): void =>
      cleanUp(() => reject(new SandboxAbortedError("The wait for the supervisor was aborted.", { providerId })));
    const onReadable = (): void => {
      for (let end = -1; end < 0; ) {
        const chunk: Buffer | null = duplex.read();
        if (chunk === null) return;
        seen = Buffer.concat([seen, chunk]);
        end = seen.indexOf("\n");
        if (end >= 0 ? seen.toString("latin1", 0, helloPrefix.length) !== helloPrefix : seen.length > maxHelloBytes) {
          lost("what it sent is no greeting")();
          return;
        }
      }
      cleanUp(() => {
        const end = seen.indexOf("\n");
        if (end + 1 < seen.length) duplex.unshift(seen.subarray(end + 1));
        resolve(seen.toString("latin1", helloPrefix.length, end));
      });
    };
    const listeners: readonly (readonly [string, (cause?: unknown) => void])[] = [
      ["readable", onReadable],
      ["end", () => lost("the stream ended")()],
      ["close", () => lost("the stream was closed")()],
      ["error", lost("the stream broke")],
    ];
    const timer = setTimeout(
      () =>
        cleanUp(() =>
          reject(new SandboxTimeoutError(`The supervisor did not greet within ${timeoutMs} ms.`, { providerId })),
        ),
      timeoutMs,
    );
    for (const [event, listener] of listeners) duplex.on(event, listener);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
  });
}
