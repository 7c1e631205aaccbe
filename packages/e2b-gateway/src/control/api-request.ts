/** A request to the control plane that may be served: its key was right. */
export interface ApiRequest {
  readonly method: string;
  /** As it came, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** What stands in the braces of the route's pattern, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Where the client has reached the gateway: `http://127.0.0.1:3000`. */
  readonly origin: string;
  /** The body as JSON; `undefined` where there is none. Throws `ApiError` for one that is too large or no JSON. */
  json(): Promise<unknown>;
  /** Aborted when the client has gone, and when the gateway closes. */
  readonly signal: AbortSignal;
}

export interface ApiReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type ApiHandler = (request: ApiRequest) => Promise<ApiReply>;

/** By method and pattern, as E2B's description has them: `GET /sandboxes/{sandboxID}`. */
export type ApiRoutes = Readonly<Record<string, ApiHandler>>;
