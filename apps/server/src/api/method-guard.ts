import type { Context } from "hono";
import { endpoints } from "./document.ts";
import { problemReply } from "./replies/problem-reply.ts";

const paths = endpoints.map(({ path, method }) => ({ pattern: patternOf(path), method: method.toUpperCase() }));

/** The reply where no route matched: 405 with `Allow` if the path has other methods, else 404. */
export function notFoundReply(context: Context): Response {
  const allowed = paths.filter(({ pattern }) => pattern.test(context.req.path)).map(({ method }) => method);
  if (allowed.length === 0 || allowed.includes(context.req.method)) {
    return problemReply(context, { status: 404, code: "not-found", detail: "Nothing is served at this path" });
  }
  const methods = [...new Set(allowed.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))];
  return problemReply(context, {
    ...{ status: 405, code: "method-not-allowed", detail: `This path has no ${context.req.method}` },
    headers: { allow: methods.join(", ") },
  });
}

function patternOf(path: string): RegExp {
  const escaped = path
    .replaceAll(".", "\\.")
    .replace("{path}", ".+")
    .replaceAll(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${escaped}$`);
}
