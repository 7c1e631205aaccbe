import { ComponentRefusal } from "./component-refusal.ts";
import { readText } from "./read-text.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** A file that must be one JSON object. */
export function readJsonObject(bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(readText(bytes));
  } catch (error) {
    if (error instanceof ComponentRefusal) throw error;
    throw new ComponentRefusal(`is not JSON: ${(error as Error).message}`);
  }
  if (!isJsonObject(value)) throw new ComponentRefusal("is not a JSON object");
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
