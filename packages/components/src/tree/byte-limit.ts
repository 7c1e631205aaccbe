import { Transform, type TransformCallback } from "node:stream";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { treeLimits } from "./tree-limits.ts";

/** Lets bytes pass up to the limit of an unpacked archive: a small file must not become a disk full of zeros. */
export class ByteLimit extends Transform {
  #seen = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#seen += chunk.length;
    if (this.#seen <= treeLimits.archiveBytes) done(null, chunk);
    else done(new InvalidOptionsError("The archive is larger than 4 GiB when it is unpacked"));
  }
}
