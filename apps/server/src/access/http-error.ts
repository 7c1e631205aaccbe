import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ProblemCode } from "../api/schemas/problem.ts";

/** A request that is refused, as its reply describes it. Thrown by handlers and middleware. */
export class HttpError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: ProblemCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ContentfulStatusCode,
    code: ProblemCode,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
