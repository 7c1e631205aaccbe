import { ApiError } from "../api-error.ts";
import type { GatewaySandbox } from "../sandboxes/gateway-sandbox.ts";
import { splitTag } from "../sandboxes/state/snapshot-store.ts";

const maxPage = 100;

/** A piece of a list, and where the next one begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** The sandboxes that a query names, in its order. Throws 400 for what it cannot mean. */
export function selectSandboxes(all: readonly GatewaySandbox[], query: URLSearchParams): readonly GatewaySandbox[] {
  const states = readStates(query);
  const metadata = readMetadata(query.get("metadata"));
  const startedAfter = readDate(query.get("startedAfter"));
  const template = query.get("template");
  const direction = readOrder(query.get("order"));
  return all
    .filter(({ record }) => states.includes(record.state))
    .filter(({ record }) => metadata.every(([key, value]) => record.metadata[key] === value))
    .filter(({ record }) => startedAfter === undefined || Date.parse(record.startedAt) >= startedAfter)
    .filter(({ record }) => template === null || isOfTemplate(record, template))
    .sort((one, other) => direction * (sortKey(one) < sortKey(other) ? -1 : 1));
}

/** The page that a query asks for, after the item whose key its token holds. */
export function takePage<T>(items: readonly T[], query: URLSearchParams, keyOf: (item: T) => string): Page<T> {
  const limit = readLimit(query.get("limit"));
  const start = startOf(items, query.get("nextToken"), keyOf);
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const isMore = start + limit < items.length && last !== undefined;
  return { items: page, nextToken: isMore ? Buffer.from(keyOf(last)).toString("base64url") : undefined };
}

/** By time, and by id where two began at once. */
export function sortKey({ id, record }: GatewaySandbox): string {
  return `${record.startedAt}__${id}`;
}

/** The last item of the previous page may be gone: then the list continues where it would have been. */
function startOf<T>(items: readonly T[], token: string | null, keyOf: (item: T) => string): number {
  if (token === null || token === "") return 0;
  const after = Buffer.from(token, "base64url").toString("utf8");
  if (!/^[\w.:-]+__[a-z0-9]+$/.test(after)) throw new ApiError(400, "Invalid next token");
  const keys = items.map(keyOf);
  const at = keys.indexOf(after);
  if (at !== -1) return at + 1;
  const isRising = keys.length > 1 && (keys[0] ?? "") < (keys.at(-1) ?? "");
  const next = keys.findIndex((key) => (isRising ? key > after : key < after));
  return next === -1 ? items.length : next;
}

function readLimit(text: string | null): number {
  if (text === null) return maxPage;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxPage) return limit;
  throw new ApiError(400, `Invalid limit: a page holds from 1 to ${maxPage} items`);
}

function readStates(query: URLSearchParams): readonly string[] {
  const states = query.getAll("state").flatMap((text) => text.split(","));
  const unknown = states.find((state) => state !== "running" && state !== "paused");
  if (unknown !== undefined) throw new ApiError(400, `Invalid state: ${unknown}`);
  return states.length === 0 ? ["running", "paused"] : states;
}

function readOrder(text: string | null): 1 | -1 {
  if (text === null || text === "desc") return -1;
  if (text === "asc") return 1;
  throw new ApiError(400, `Invalid order: ${text}`);
}

function readDate(text: string | null): number | undefined {
  if (text === null) return undefined;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new ApiError(400, `Invalid startedAfter: ${text}`);
}

/** `key=value&…`, encoded as a whole and again in each key and value. */
function readMetadata(text: string | null): readonly (readonly [string, string])[] {
  if (text === null || text === "") return [];
  return text.split("&").map((pair) => {
    const parts = pair.split("=");
    if (parts.length !== 2) throw new ApiError(400, "Invalid metadata: it is not a list of key=value");
    const [key = "", value = ""] = parts.map((part) => decode(decode(part)));
    return [key, value] as const;
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new ApiError(400, "Invalid metadata: it is not encoded as a URL is");
  }
}

function isOfTemplate({ templateId, alias }: GatewaySandbox["record"], wanted: string): boolean {
  const { name } = splitTag(wanted);
  return templateId === name || alias === name || alias === wanted;
}
