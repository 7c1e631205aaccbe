import type { Failure } from "../protocol/messages.ts";

/** A failure that the host is told as it is. */
export class SupervisorFailure extends Error {
  readonly code: Failure["code"];

  constructor(code: Failure["code"], message: string) {
    super(message);
    this.code = code;
  }
}
