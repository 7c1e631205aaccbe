import { ComponentRefusal } from "../component-refusal.ts";

/** A file's text, without a byte order mark. Refuses what is not UTF-8. */
export function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ComponentRefusal("is not UTF-8 text");
  }
}
