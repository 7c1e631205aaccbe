import type { Failure } from "../protocol/messages.ts";

/** A failure that is reported to the host as it is. */
export class SupervisorFailure extends Error implements Failure {
  readonly code: Failure["code"];
  readonly hint?: string;
  readonly entries?: number;

  constructor(code: Failure["code"], message: string, { hint, entries }: Pick<Failure, "hint" | "entries"> = {}) {
    super(message);
    this.code = code;
    if (hint !== undefined) this.hint = hint;
    if (entries !== undefined) this.entries = entries;
  }
}
