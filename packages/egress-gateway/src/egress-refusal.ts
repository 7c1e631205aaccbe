import type { Remedy } from "@glovebox/core/provider";

/** What would allow a refused request. */
export interface RefusalAdvice {
  readonly remedy: Remedy;
  /** The same as text for the agent, where the policy has words for it. */
  readonly text?: string;
}

/** Why a request or a tunnel is refused or failed. It never leaves this package: the sandbox gets its message as a response. */
export class EgressRefusal extends Error {
  readonly decision: "denied" | "failed";
  /** The status that the sandbox receives. */
  readonly status: number;
  readonly advice: RefusalAdvice | undefined;

  constructor(decision: "denied" | "failed", status: number, reason: string, advice?: RefusalAdvice) {
    super(reason);
    this.name = "EgressRefusal";
    this.decision = decision;
    this.status = status;
    this.advice = advice;
  }
}
