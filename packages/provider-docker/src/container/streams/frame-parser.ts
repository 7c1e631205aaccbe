import { SandboxLostError } from "@glovebox/core/provider";

export interface FramePiece {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Buffer;
}

const headerBytes = 8;

/**
 * Takes an engine's multiplexed stream apart: frames of an 8-byte header (stream, three zero bytes, big-endian length) and
 * a payload. Payloads are handed on as slices of what came in, so nothing but a cut header is ever held back.
 *
 * Source: Docker Engine API, "Attach to a container", stream format.
 */
export class FrameParser {
  readonly #header = Buffer.alloc(headerBytes);
  #headerLength = 0;
  #remaining = 0;
  #stream: FramePiece["stream"] = "stdout";

  /** Whether the stream would be cut in the middle of a frame if it ended at this point. */
  get insideFrame(): boolean {
    return this.#headerLength > 0 || this.#remaining > 0;
  }

  /** Throws `lost` on bytes that are no frame header. */
  *parse(chunk: Buffer): Generator<FramePiece, void, undefined> {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#remaining === 0) {
        offset += this.#takeHeader(chunk, offset);
        continue;
      }
      const bytes = chunk.subarray(offset, offset + this.#remaining);
      offset += bytes.length;
      this.#remaining -= bytes.length;
      yield { stream: this.#stream, bytes };
    }
  }

  #takeHeader(chunk: Buffer, offset: number): number {
    const taken = chunk.copy(this.#header, this.#headerLength, offset, offset + headerBytes - this.#headerLength);
    this.#headerLength += taken;
    if (this.#headerLength < headerBytes) return taken;
    this.#headerLength = 0;
    const [kind, ...padding] = this.#header.subarray(0, 4);
    if ((kind !== 1 && kind !== 2) || padding.some((byte) => byte !== 0)) {
      throw new SandboxLostError("The Docker engine's stream holds something that is not a frame");
    }
    this.#stream = kind === 1 ? "stdout" : "stderr";
    this.#remaining = this.#header.readUInt32BE(4);
    return taken;
  }
}
