/** Why a request or a tunnel does not go on. It stays inside this package: the sandbox gets its words as an answer. */
export class EgressRefusal extends Error {
  readonly decision: "denied" | "failed";
  /** What the sandbox is answered. */
  readonly status: number;
  /** What would let it pass. */
  readonly hint: string | undefined;

  constructor(decision: "denied" | "failed", status: number, reason: string, hint?: string) {
    super(reason);
    this.name = "EgressRefusal";
    this.decision = decision;
    this.status = status;
    this.hint = hint;
  }
}
