/** A request that the server has refused, in words for the user. */
export class RequestError extends Error {
  readonly status: number;
  /** The error's code, as in docs/errors.md. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
