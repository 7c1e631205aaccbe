import { isUtf8 } from "node:buffer";
import { holdsMoreValues, namesTwice } from "./json-bytes.ts";
import type { JsonObject } from "./json-object.ts";

/** What is read of a request to a model. */
export interface ModelRequest {
  readonly model: string;
  readonly speed: string | undefined;
  readonly isStreamed: boolean;
  /** The most output that it asks for, in tokens, of all its answers. Absent where it does not say. */
  readonly maxTokens: number | undefined;
  /** How many answers it asks for. */
  readonly answers: number;
  /** What its input weighs, in bytes of text: its size, but for images. */
  readonly weight: number;
  /** The most tokens that its input can be, as long as the API adds nothing to it while it answers. */
  readonly mostInputTokens: number;
  /** Whether the API itself asks models or uses tools, so that the input grows while it answers. */
  readonly isGrowing: boolean;
  /** What it asks for that costs more than the prices say, and what to do instead. */
  readonly surcharge: string | undefined;
  /** What it asks for that is used after its answer, where nobody can read it, and what to do instead. */
  readonly unmetered: string | undefined;
}

/** Where a request goes. */
export interface RequestTarget {
  readonly path: string;
  /** With its question mark; empty where there is none. */
  readonly query: string;
}

/** Far more than a conversation has. Each may take a hundred bytes of memory, and a microsecond. */
const mostValues = 1_000_000;

/** Parses a request. Absent when it is no JSON object in UTF-8, when the API may read it in another way, or when it is too much to be read. */
export function parseRequest(body: Buffer): JsonObject | undefined {
  if (holdsMoreValues(body, mostValues) || !isUtf8(body)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    // What is no JSON names no model.
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value) || namesTwice(body, value)) return undefined;
  return isReadAlike(value as JsonObject) ? (value as JsonObject) : undefined;
}

/** Whether every parser reads the request alike: some take fields in any case of letters for the same, and texts for true. */
function isReadAlike(request: JsonObject): boolean {
  const names = Object.keys(request).map((name) => name.toLowerCase());
  return new Set(names).size === names.length && [undefined, null, true, false].includes(request.stream as boolean);
}

/** A whole number above zero, if it is one. */
export function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : undefined;
}
