import type { EgressEvent, EgressObserver } from "@glovebox/core/provider";
import type { EgressRefusal } from "../egress-refusal.ts";
import type { Target } from "../policy/target.ts";
import { printable } from "../route-decision.ts";

/** What is known of one request or tunnel so far; ended once, it becomes the observer's event. */
export class AuditEntry {
  readonly #observer: EgressObserver | undefined;
  readonly #method: string;
  readonly #started = performance.now();
  target: Target = { host: "", port: 0 };
  /** Without its query. */
  path: string | undefined;
  rule: string | undefined;
  requestBytes = 0;
  responseBytes = 0;

  constructor(observer: EgressObserver | undefined, method: string) {
    this.#observer = observer;
    this.#method = printable(method);
  }

  allowed(status: number): void {
    this.#end({ decision: "allowed", status });
  }

  /** `status` is what the sandbox saw, where it had an answer already. */
  refused({ decision, status, message, advice }: EgressRefusal, seen?: number): void {
    this.#end({
      decision,
      status: seen ?? status,
      reason: printable(message),
      ...(advice === undefined ? {} : { remedy: advice.remedy }),
    });
  }

  #end(end: Pick<EgressEvent, "decision" | "status" | "reason" | "remedy">): void {
    this.#observer?.onRequest?.({
      ...this.target,
      method: this.#method,
      ...(this.path === undefined ? {} : { path: printable(this.path) }),
      ...(this.rule === undefined ? {} : { rule: this.rule }),
      ...end,
      requestBytes: this.requestBytes,
      responseBytes: this.responseBytes,
      durationMs: performance.now() - this.#started,
    });
  }
}
