import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, toApiError } from "../api-error.ts";
import type { GatewaySettings } from "../gateway-options.ts";
import { type UploadFolder, uploadPath } from "../templates/upload-folder.ts";
import type { ApiReply } from "./api-request.ts";
import type { ApiRouter } from "./api-router.ts";
import { authenticate } from "./authenticate.ts";
import { RateLimit } from "./rate-limit.ts";
import { readJson } from "./read-json.ts";

/** Serves the routes of the control plane over HTTP: keys, limits, bodies, and errors in E2B's shape. */
export class ControlPlane {
  readonly #settings: GatewaySettings;
  readonly #router: ApiRouter;
  readonly #uploads: UploadFolder;
  readonly #limit: RateLimit;

  constructor(settings: GatewaySettings, router: ApiRouter, uploads: UploadFolder) {
    this.#settings = settings;
    this.#router = router;
    this.#uploads = uploads;
    this.#limit = new RateLimit(settings.limits.requestsPerSecond);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    try {
      send(response, await this.#reply(request, gone.signal));
    } catch (error) {
      // Nobody is there to be told.
      if (gone.signal.aborted) return;
      const told = toApiError(error);
      if (told.status >= 500) {
        const reason = told.cause instanceof Error ? told.cause.message : told.message;
        this.#settings.logger.warn({ method: request.method, status: told.status, reason }, "A request has failed");
      }
      send(response, errorReply(told));
    } finally {
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
  const text = Buffer.from(JSON.stringify(body));
  const own = { "content-type": "application/json; charset=utf-8", "content-length": text.length };
  response.writeHead(status, { ...own, ...headers }).end(text);
}
