import type { IncomingHttpHeaders } from "node:http";

/** An answer that is not what was asked for, as the cause of an error. */
export class WorkerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of its body. */
  readonly body: string;

  constructor({ status, headers, body }: Pick<WorkerAnswer, "status" | "headers" | "body">) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Cloudflare's own number of what is wrong, which its error pages and bodies give: 1101 is a Worker that threw. */
  get cloudflareCode(): number | undefined {
    const found = /error code:? ?(\d{3,4})|cf-error-code">(\d{3,4})|Error ?<\/span>\s*<span[^>]*>(\d{3,4})/i.exec(
      this.body,
    );
    const text = found?.slice(1).find((each) => each !== undefined);
    return text === undefined ? undefined : Number(text);
  }
}
