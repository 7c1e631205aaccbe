import type { IncomingHttpHeaders } from "node:http";

/** A response of the Worker, also as the cause of an error. */
export class WorkerResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Its body, possibly truncated. */
  readonly body: string;

  constructor({ status, headers, body }: Pick<WorkerResponse, "status" | "headers" | "body">) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Cloudflare's error code in its error pages and bodies. For instance, 1101: the Worker threw an error. */
  get cloudflareCode(): number | undefined {
    const found = /error code:? ?(\d{3,4})|cf-error-code">(\d{3,4})|Error ?<\/span>\s*<span[^>]*>(\d{3,4})/i.exec(
      this.body,
    );
    const text = found?.slice(1).find((each) => each !== undefined);
    return text === undefined ? undefined : Number(text);
  }
}
