import { ComponentRefusal } from "../component-refusal.ts";
import { readText } from "./read-text.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

const maxBytes = 4 * 1024 * 1024;

/** A file that must be one JSON object. */
export function readJsonObject(bytes: Uint8Array): JsonObject {
  if (bytes.length > maxBytes) throw new ComponentRefusal("is JSON of more than 4 MiB");
  let value: unknown;
  try {
    value = JSON.parse(readText(bytes), refusePrototype);
  } catch (error) {
    if (error instanceof ComponentRefusal) throw error;
    throw new ComponentRefusal(`is not JSON: ${(error as Error).message}`);
  }
  if (!isJsonObject(value)) throw new ComponentRefusal("is not a JSON object");
  return value;
}

/** Such a field would not be a setting but change what every lookup in the object finds. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new ComponentRefusal("holds a field called __proto__");
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
