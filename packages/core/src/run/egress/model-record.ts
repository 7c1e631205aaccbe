import type { EgressEvent } from "../../provider/egress-policy.ts";

/** The paths by which the APIs count a request's tokens. */
const countsTokens = /(?:\/count_tokens|:countTokens|\/count-tokens:rawPredict|\/input_tokens)$/;

/** What the gateway shows of a run's requests to its models. */
export class ModelRecord {
  readonly #warn: (code: string, message: string) => void;
  readonly #warned = new Set<string>();
  #answers = 0;
  #isKeyRejected: boolean | undefined;

  constructor(warn: (code: string, message: string) => void) {
    this.#warn = warn;
  }

  /** Requests to which a model has answered. */
  get answers(): number {
    return this.#answers;
  }

  /** Whether the key was rejected, and no model has answered since; `undefined` where no request has shown it. */
  get isKeyRejected(): boolean | undefined {
    return this.#isKeyRejected;
  }

  /** `isStopping`: the run is being stopped, and whatever fails from then on fails because of that. */
  add({ routeId, decision, method, path, status, reason, failure }: EgressEvent, isStopping: boolean): void {
    if (routeId === undefined) return;
    // To count tokens is not to ask a model.
    const isQuestion = method === "POST" && !countsTokens.test(path ?? "");
    if (decision === "allowed" && isQuestion) {
      if (status < 300) this.#answers += 1;
      // What fails otherwise beside it, or after it, does not say that the key is good.
      if (status === 401 || status < 300) this.#isKeyRejected = status === 401;
      else this.#isKeyRejected ??= false;
    }
    if (failure === "unauthenticated") this.#isKeyRejected = true;
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
