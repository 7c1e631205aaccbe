import { ApiError } from "../api-error.ts";
import type { ApiHandler, ApiRoutes } from "./api-request.ts";

export interface MatchedRoute {
  readonly handler: ApiHandler;
  readonly params: Readonly<Record<string, string>>;
}

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: ApiHandler;
}

/** Finds the handler of a request. A segment that is spelled out wins over one in braces, and an earlier table over a later one. */
export class ApiRouter {
  readonly #routes: readonly Route[];

  constructor(...tables: readonly ApiRoutes[]) {
    this.#routes = tables
      .flatMap((table) => Object.entries(table))
      .map(([pattern, handler]) => {
        const [method = "", path = ""] = pattern.split(" ");
        return { method, segments: path.split("/").slice(1), handler };
      })
      .sort((one, other) => braces(one) - braces(other));
  }

  /** Throws 404 for a path that nothing serves, and 405 for another method of one that something does. */
  match(method: string, path: string): MatchedRoute {
    const segments = path
      .replace(/(?<=.)\/$/, "")
      .split("/")
      .slice(1);
    const fitting = this.#routes.filter((route) => fits(route.segments, segments));
    const route = fitting.find((one) => one.method === method);
    if (route !== undefined) return { handler: route.handler, params: readParams(route.segments, segments) };
    if (fitting.length > 0) throw new ApiError(405, "method not allowed");
    throw new ApiError(404, "no matching operation was found");
  }
}

function braces({ segments }: Route): number {
  return segments.filter(isParameter).length;
}

function isParameter(segment: string): boolean {
  return segment.startsWith("{");
}

function fits(pattern: readonly string[], names: readonly string[]): boolean {
  return pattern.length === names.length && pattern.every((part, at) => isParameter(part) || part === names[at]);
}

function readParams(pattern: readonly string[], names: readonly string[]): Record<string, string> {
  const pairs = pattern.flatMap((part, at) =>
    isParameter(part) ? [[part.slice(1, -1), decode(names[at] ?? "")]] : [],
  );
  return Object.fromEntries(pairs);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ApiError(400, "The path is not encoded as a URL is");
  }
}
