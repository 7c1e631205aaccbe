import type { EgressEvent } from "../../provider/egress-policy.ts";

/** What the gateway shows of a run's requests to its models. */
export class ModelRecord {
  readonly #warn: (code: string, message: string) => void;
  readonly #warned = new Set<string>();
  #answers = 0;
  #lastStatus: number | undefined;

  constructor(warn: (code: string, message: string) => void) {
    this.#warn = warn;
  }

  /** Requests to which a model has answered. */
  get answers(): number {
    return this.#answers;
  }

  /** How the API answered the last request to a model; `undefined` where it has answered none. */
  get lastStatus(): number | undefined {
    return this.#lastStatus;
  }

  /** `isStopping`: the run is being stopped, and whatever fails from then on fails because of that. */
  add({ routeId, decision, method, path, status, reason, failure }: EgressEvent, isStopping: boolean): void {
    if (routeId === undefined) return;
    // To count tokens is not to ask a model.
    const isQuestion = method === "POST" && !path?.endsWith("/count_tokens");
    if (decision === "allowed" && isQuestion) {
      this.#lastStatus = status;
      if (status < 300) this.#answers += 1;
    }
    if (decision !== "failed" || failure === "left" || isStopping) return;
    const [code, said] =
      failure === "unreachable"
        ? ["model-unreachable", "The model's API could not be reached from this machine"]
        : ["model-failed", "A request to the model failed"];
    if (this.#warned.has(code)) return;
    this.#warned.add(code);
    this.#warn(code, `${said}: ${reason ?? `status ${status}`}`);
  }
}
