import type { FileChange } from "@glovebox/core/provider";
import { maxChangesAtOnce } from "../protocol/messages.ts";

/** No list is longer: a path has at most 4096 bytes, each at most six in JSON. */
const maxListBytes = maxChangesAtOnce * 6 * 4096 + 64 * 1024;
const kinds: ReadonlySet<unknown> = new Set(["created", "changed", "removed"]);

/** Reads changes from lists behind their lengths. Throws for what makes no sense. */
export async function* readChanges(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<FileChange, void> {
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    held = Buffer.concat([held, piece]);
    while (held.length >= 4) {
      const length = held.readUInt32BE(0);
      if (length > maxListBytes) throw new Error("A list of changes is too long.");
      if (held.length < 4 + length) break;
      const told: unknown = JSON.parse(held.toString("utf8", 4, 4 + length));
      held = held.subarray(4 + length);
      yield* (Array.isArray(told) ? told : []).map(parseChange);
    }
  }
}

function parseChange(told: unknown): FileChange {
  const { path, kind } = (told ?? {}) as Record<string, unknown>;
  if (typeof path !== "string" || !kinds.has(kind)) return { overflow: true };
  return { path, kind: kind as "created" | "changed" | "removed" };
}
