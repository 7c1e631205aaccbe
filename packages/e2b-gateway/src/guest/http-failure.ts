/** Answered as `{"code":404,"message":"…"}` with the same status. */
export class HttpFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
