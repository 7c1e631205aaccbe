import type { Duplex } from "node:stream";

const maxBytes = 256;
const timeoutMs = 30_000;

/** Reads a line without its end. What follows stays in the stream. Rejects when it ends before, is too long or does not come. */
export function readFirstLine(stream: Duplex): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen: Buffer = Buffer.alloc(0);
    const finish = (respond: () => void): void => {
      clearTimeout(timer);
      stream.off("readable", onReadable).off("end", onEnd).off("close", onEnd);
      respond();
    };
    const onEnd = (): void => finish(() => reject(new Error("The host sent no token.")));
    const timer = setTimeout(onEnd, timeoutMs);
    const onReadable = (): void => {
      for (let chunk: Buffer | null = stream.read(); chunk !== null; chunk = stream.read()) {
        seen = Buffer.concat([seen, chunk]);
        const end = seen.indexOf("\n");
        if (end < 0 && seen.length <= maxBytes) continue;
        if (end < 0) {
          onEnd();
          return;
        }
        finish(() => {
          if (end + 1 < seen.length) stream.unshift(seen.subarray(end + 1));
          resolve(seen.toString("latin1", 0, end));
        });
        return;
      }
    };
    stream.on("readable", onReadable).once("end", onEnd).once("close", onEnd);
  });
}
