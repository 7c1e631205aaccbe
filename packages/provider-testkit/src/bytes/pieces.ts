/** A body of these pieces; text goes as UTF-8. */
export async function* pieces(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array, void> {
  for (const part of parts) yield typeof part === "string" ? Buffer.from(part) : part;
}
