import type { Readable } from "node:stream";
import { SandboxLostError } from "@glovebox/core/provider";

/** A pod has at most 1.5 MB in the cluster's store. */
const maxLineBytes = 16 * 1024 * 1024;

/** The lines of a stream of text. Rejects with `lost` after a silence of `silenceMs`, and for a line that is too long. */
export async function* readLines(stream: Readable, silenceMs: number): AsyncGenerator<string, void> {
  const silence = setTimeout(() => stream.destroy(lost("is silent")), silenceMs).unref();
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      silence.refresh();
      rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
        const line = rest.toString("utf8", 0, end);
        rest = rest.subarray(end + 1);
        if (line !== "") yield line;
      }
      if (rest.length > maxLineBytes) throw lost("sends too long a line");
    }
  } finally {
    clearTimeout(silence);
    stream.destroy();
  }
}

function lost(what: string): SandboxLostError {
  return new SandboxLostError(`The watch of the cluster ${what}`, { providerId: "kubernetes", retryable: true });
}
