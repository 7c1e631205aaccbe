import type { Failure } from "../protocol/messages.ts";

/** A failure that the host is told as it is. */
export class SupervisorFailure extends Error implements Failure {
  readonly code: Failure["code"];
  readonly entries?: number;

  constructor(code: Failure["code"], message: string, entries?: number) {
    super(message);
    this.code = code;
    if (entries !== undefined) this.entries = entries;
  }
}
