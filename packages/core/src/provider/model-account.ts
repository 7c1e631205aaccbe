import type { Secret } from "./secret.ts";

/** A request to a model as it leaves the host. */
export interface AccountRequest {
  readonly method: string;
  /** The whole address, with its query. */
  readonly url: URL;
  /** Names in lower case. Without what belongs to one connection, and without any credential. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body; empty where there is none. Absent unless the account has `wholeBody`. */
  readonly body?: Uint8Array;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** What the upstream answered with 401, on the second and last try of a request. */
  readonly rejected?: Authorization;
}

/** What authenticates one request. */
export interface Authorization {
  /** Names in lower case. They replace what came from inside under the same names. */
  readonly headers: Readonly<Record<string, string>>;
  /** What must not be seen in an answer: it is replaced by asterisks there. */
  readonly secrets: readonly Secret[];
}

/**
 * A credential that the host computes for each request, such as a cloud's signature or a login whose tokens expire. It may be
 * shared by any number of routes.
 */
export interface ModelAccount {
  /** For people: `Amazon Bedrock`, `the login of Claude Code`. */
  readonly name: string;
  /**
   * The gateway reads a request's body whole before it leaves: to sign it, or to send it again after a 401. Default: false, and
   * the body streams through.
   */
  readonly wholeBody?: boolean;
  /**
   * Authenticates a request. With `rejected`, it returns `undefined` if there is nothing better than what was rejected. Throws
   * `authentication` with what the user can do; neither message nor hint holds a secret.
   */
  authorize(request: AccountRequest): Promise<Authorization | undefined>;
}
