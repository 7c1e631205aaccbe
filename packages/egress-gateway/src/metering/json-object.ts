export type JsonObject = Readonly<Record<string, unknown>>;

/** What is read of another's JSON: an empty object where there is none. */
export function jsonObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}
