import type { FileChange } from "@glovebox/core/provider";
import { maxChangesAtOnce } from "../../protocol/messages.ts";

/** No list is longer: a path has at most 4096 bytes, each at most six in JSON. */
const maxListBytes = maxChangesAtOnce * 6 * 4096 + 64 * 1024;
const kinds: ReadonlySet<unknown> = new Set(["created", "changed", "removed"]);

/** Reads changes from lists behind their lengths. Throws for what makes no sense. */
export async function* readChanges(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<FileChange, void> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    pending = Buffer.concat([pending, piece]);
    while (pending.length >= 4) {
      const length = pending.readUInt32BE(0);
      if (length > maxListBytes) throw new Error("A list of changes is too long.");
      if (pending.length < 4 + length) break;
      const reply: unknown = JSON.parse(pending.toString("utf8", 4, 4 + length));
      pending = pending.subarray(4 + length);
      yield* (Array.isArray(reply) ? reply : []).map(parseChange);
    }
  }
}

function parseChange(reply: unknown): FileChange {
  const { path, kind } = (reply ?? {}) as Record<string, unknown>;
  if (typeof path !== "string" || !kinds.has(kind)) return { overflow: true };
  return { path, kind: kind as "created" | "changed" | "removed" };
}
