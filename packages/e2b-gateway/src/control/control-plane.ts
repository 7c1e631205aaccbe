import type { IncomingMessage, ServerResponse } from "node:http";
import { safeJson } from "@glovebox/core/text";
import { ApiError, toApiError } from "../api-error.ts";
import type { FailedKeys } from "../failed-keys.ts";
import type { GatewaySettings } from "../gateway-options.ts";
import type { PendingWork } from "../sandboxes/pending-work.ts";
import { type UploadDirectory, uploadPath } from "../templates/upload-directory.ts";
import type { ApiReply } from "./api-request.ts";
import type { ApiRouter } from "./api-router.ts";
import { authenticate } from "./authenticate.ts";
import { RateLimit } from "./rate-limit.ts";
import { readJson } from "./read-json.ts";

/** Serves the routes of the control plane over HTTP: keys, limits, bodies, and errors in E2B's shape. */
export class ControlPlane {
  readonly #settings: GatewaySettings;
  readonly #router: ApiRouter;
  readonly #uploads: UploadDirectory;
  readonly #work: PendingWork;
  readonly #limit: RateLimit;
  readonly #failedKeys: FailedKeys;

  constructor(
    settings: GatewaySettings,
    router: ApiRouter,
    uploads: UploadDirectory,
    work: PendingWork,
    failedKeys: FailedKeys,
  ) {
    this.#work = work;
    this.#settings = settings;
    this.#router = router;
    this.#uploads = uploads;
    this.#failedKeys = failedKeys;
    this.#limit = new RateLimit(settings.limits.requestsPerSecond);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const { closing } = this.#work;
    const signal = AbortSignal.any([gone.signal, closing]);
    // The rest of a body may never come.
    const dropBody = (): void => void (request.complete || request.destroy());
    closing.addEventListener("abort", dropBody, { once: true });
    try {
      send(response, await this.#work.run(() => this.#reply(request, signal)));
    } catch (error) {
      // The client has disconnected.
      if (gone.signal.aborted) return;
      const apiError = toApiError(error);
      if (apiError.status >= 500) {
        const reason = apiError.cause instanceof Error ? apiError.cause.message : apiError.message;
        this.#settings.logger.warn({ method: request.method, status: apiError.status, reason }, "A request failed");
      }
      send(response, errorReply(apiError));
    } finally {
      closing.removeEventListener("abort", dropBody);
      // What is left of a body that nobody has read would be taken for the next request.
      if (!request.complete) request.resume();
    }
  }

  async #reply(request: IncomingMessage, signal: AbortSignal): Promise<ApiReply> {
    const { maxBodyBytes } = this.#settings.limits;
    const method = request.method ?? "GET";
    const url = readUrl(request);
    if (url.pathname === "/health" && method === "GET") return { status: 200, body: "Health check successful" };
    if (url.pathname.startsWith(uploadPath) && method === "PUT") {
      // Its link is signed: it carries no key.
      await this.#uploads.take(url, request);
      return { status: 200 };
    }
    this.#limit.take(this.#keyName(request));
    const { handler, params } = this.#router.match(method, url.pathname);
    const { pathname: path, searchParams: query, origin } = url;
    return handler({ method, path, query, params, origin, json: () => readJson(request, maxBodyBytes), signal });
  }

  /** Whoever has no key shares one limit with everyone who tries. */
  #keyName(request: IncomingMessage): string {
    try {
      return String(authenticate(request, this.#settings.apiKeys));
    } catch (error) {
      const isGiven = request.headers["x-api-key"] !== undefined || request.headers.authorization !== undefined;
      this.#failedKeys.add(isGiven ? "wrong" : "missing", request);
      this.#limit.take("none");
      throw error;
    }
  }
}

function readUrl(request: IncomingMessage): URL {
  const scheme = "encrypted" in request.socket ? "https" : "http";
  try {
    // A path that begins with two slashes is no host's name.
    return new URL(`${scheme}://${request.headers.host ?? "localhost"}${request.url ?? "/"}`);
  } catch {
    throw new ApiError(400, "The request's URL cannot be read");
  }
}

function errorReply({ status, message, retryAfterSeconds }: ApiError): ApiReply {
  const headers = {
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
    // What is left of such a body is not waited for.
    ...(status === 413 && { connection: "close" }),
  };
  return { status, body: { code: status, message }, headers };
}

function send(response: ServerResponse, { status, body, headers }: ApiReply): void {
  if (response.headersSent || response.destroyed) return;
  if (body === undefined) {
    // Clients read a body that may be there: only 204 says by itself that there is none.
    response.writeHead(status, status === 204 ? headers : { "content-length": 0, ...headers }).end();
    return;
  }
  const text = Buffer.from(safeJson(body));
  const own = { "content-type": "application/json; charset=utf-8", "content-length": text.length };
  response.writeHead(status, { ...own, ...headers }).end(text);
}
