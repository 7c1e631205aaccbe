import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A request that is refused, as its reply describes it. Thrown by handlers and middleware. */
export class HttpError extends Error {
  readonly status: ContentfulStatusCode;
  /** One of the codes of docs/errors.md. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ContentfulStatusCode,
    code: string,
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
