import { addAbortSignal, type Readable, Transform } from "node:stream";
import type { EgressObserver, ModelPrice, ModelRoute, ModelUsage } from "@glovebox/core/provider";
import { dropUndefined } from "@glovebox/core/provider";
import type { GatewayAnswer } from "../gateway-answer.ts";
import { printable } from "../route-decision.ts";
import type { AnswerUsage } from "./answer-usage.ts";
import { AnthropicAnswer } from "./anthropic-answer.ts";
import type { BufferedBytes } from "./buffered-bytes.ts";
import type { InputRates } from "./input-rates.ts";
import { modelCost, priceOf } from "./model-cost.ts";
import type { ModelLimit } from "./model-limit.ts";
import { type ModelRequest, readModelRequest } from "./model-request.ts";

export interface ModelCallOptions {
  readonly route: ModelRoute;
  /** Empty where cost is reported and not limited. */
  readonly limits: readonly ModelLimit[];
  readonly rates: InputRates;
  readonly pending: BufferedBytes;
  readonly onUsage: EgressObserver["onUsage"];
  /** Ends the exchange: its answer has used up the limit. */
  readonly cut: (answer: GatewayAnswer) => void;
}

/** The body to forward, or the response that is sent instead of the upstream's. */
export type Admission = { readonly body: Readable | Buffer | null } | { readonly refusal: GatewayAnswer };

/** One request to a model whose cost is read, and limited where there is a limit. */
export class ModelCall {
  readonly #options: ModelCallOptions;
  #request: ModelRequest | undefined;
  #answer: AnthropicAnswer | undefined;
  #status: number | undefined;
  #isCut = false;
  #hasLearned = false;
  #isAdmitted = false;
  #worstUsd = 0;
  /** Whether the upstream may have the request and has not reported what it costs. */
  #isOwing = false;
  #onCostKnown = (): void => {};

  constructor(options: ModelCallOptions) {
    this.#options = options;
  }

  /** Whether the limit has ended it. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /**
   * Calls once the response has reported what the request costs; at once where it costs nothing. A client that hangs up
   * before that would not be charged for what the upstream has read.
   */
  onceCostIsKnown(then: () => void): void {
    if (this.#isOwing) this.#onCostKnown = then;
    else then();
  }

  /**
   * Decides whether the request may go. Under a limit its body is read first, for only the whole of it says which model
   * is asked for; without one it passes as it comes.
   */
  async admit(body: Readable | null, signal: AbortSignal): Promise<Admission> {
    const { limits, pending } = this.#options;
    if (limits.length === 0) return { body };
    const chunks: Buffer[] = [];
    for await (const chunk of body === null ? [] : addAbortSignal(signal, body)) {
      chunks.push(chunk as Buffer);
      if (!pending.add(this, (chunk as Buffer).length)) {
        return { refusal: { status: 429, message: "too much is being sent to the model at once" } };
      }
    }
    const bytes = Buffer.concat(chunks);
    this.#request = readModelRequest(bytes);
    const refusal = await this.#refusal(this.#request, signal);
    return refusal === undefined ? { body: bytes } : { refusal };
  }

  /** The upstream has answered: what its body says is read through the stream that this returns. */
  answered(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): Transform {
    this.#status = status;
    if (status >= 400) this.#costIsKnown();
    const type = String(headers["content-type"] ?? "");
    const isReadable = status < 400 && /^(identity)?$/.test(String(headers["content-encoding"] ?? ""));
    if (isReadable && type.startsWith("text/event-stream")) this.#answer = new AnthropicAnswer("stream");
    else if (isReadable && type.startsWith("application/json")) this.#answer = new AnthropicAnswer("json");
    if (this.#options.limits.length > 0 && status < 400 && this.#answer === undefined) this.#cut(unreadable);
    const read = (chunk?: Buffer) => this.#read(chunk);
    const isCut = () => this.#isCut;
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        // What is read of it does not hold it up. What still comes of a cut answer was paid for, and goes nowhere.
        if (!isCut()) this.push(chunk);
        read(chunk);
        done();
      },
      flush(done) {
        read();
        done();
      },
    });
  }

  /** The exchange is over. `isUnreachable`: the upstream never had the request. */
  end({ isUnreachable }: { readonly isUnreachable: boolean }): void {
    const { limits, pending, onUsage } = this.#options;
    pending.release(this);
    const usages = this.#answer?.usages ?? [];
    // Without a report from the upstream, a request that it has accepted counts as what is reserved.
    const isFree = !this.#isAdmitted || isUnreachable || (this.#status ?? 0) >= 400;
    const unreported = isFree ? 0 : undefined;
    for (const limit of limits) limit.reconcile(this, usages.length === 0 ? unreported : this.#total(usages));
    for (const usage of usages) onUsage?.(usageOf(this.#options.route.id, usage, this.#costOf(usage)));
  }

  async #refusal(request: ModelRequest | undefined, signal: AbortSignal): Promise<GatewayAnswer | undefined> {
    if (request === undefined)
      return { status: 400, message: "the request cannot be read, or names no model", retry: false };
    const price = this.#priceOf(request, Math.ceil(request.weight / 4));
    if (price === undefined) return withoutPrice(request);
    const { rates } = this.#options;
    // An answer in one piece cannot be cut: all that it may say is set aside.
    const mostOutputUsd = (request.maxTokens * price.outputUsd) / 1e6;
    const outputUsd = request.isStreamed ? 0 : mostOutputUsd;
    const expectedUsd = rates.estimateUsd(price, request.model, request.weight) + outputUsd;
    const tokens = request.isReferring || request.isGrowing ? Number.POSITIVE_INFINITY : request.weight;
    const inputUsd = rates.mostUsd(price, tokens);
    const cost = { expectedUsd, mostUsd: inputUsd + outputUsd, worstUsd: inputUsd + mostOutputUsd };
    for (const limit of this.#options.limits) {
      if (await limit.admit(this, cost, signal)) continue;
      limit.exceed(this);
      return spent(limit);
    }
    this.#isAdmitted = true;
    this.#worstUsd = cost.worstUsd;
    this.#isOwing = true;
    return undefined;
  }

  #read(chunk?: Buffer): void {
    const { limits } = this.#options;
    if (chunk === undefined) this.#answer?.end();
    else this.#answer?.push(chunk);
    const usages = this.#answer?.usages ?? [];
    const [usage] = usages;
    if (limits.length === 0 || usage === undefined || this.#isCut) return;
    const unpriced = usages.find((one) => this.#costOf(one) === undefined);
    if (unpriced !== undefined) return void this.#cut(withoutPrice(unpriced));
    this.#learn(usage);
    if (this.#request?.isStreamed === true && !this.#request.isGrowing) this.#costIsKnown();
    const exceeded = limits.find((limit) => !limit.reserve(this, this.#total(usages), this.#worst(usages)));
    if (exceeded === undefined) return;
    exceeded.exceed(this);
    this.#cut(spent(exceeded));
  }

  #costIsKnown(): void {
    for (const limit of this.#options.limits) limit.know(this);
    this.#isOwing = false;
    this.#onCostKnown();
  }

  #cut(answer: GatewayAnswer): void {
    this.#isCut = true;
    this.#options.cut(answer);
  }

  #learn(usage: AnswerUsage): void {
    if (this.#hasLearned || this.#request === undefined) return;
    this.#hasLearned = true;
    const cost = this.#costOf({ ...usage, output: 0, webSearches: 0 }) ?? 0;
    this.#options.rates.learn(this.#request.model, cost, this.#request.weight);
  }

  #total(usages: readonly AnswerUsage[]): number {
    return usages.reduce((sum, usage) => sum + (this.#costOf(usage) ?? 0), 0);
  }

  /** What it may still come to: with the input that is reported, and all the output that was asked for. */
  #worst([usage, ...beside]: readonly AnswerUsage[]): number {
    if (usage === undefined || this.#request === undefined) return 0;
    const { isStreamed, isGrowing, maxTokens } = this.#request;
    // What the API adds to the input on its own is not known before the end.
    if (isGrowing) return Math.max(this.#worstUsd, this.#total([usage, ...beside]));
    return this.#total([{ ...usage, output: Math.max(usage.output, isStreamed ? maxTokens : 0) }, ...beside]);
  }

  #costOf(usage: AnswerUsage): number | undefined {
    const price = this.#priceOf(usage, usage.input + usage.cacheRead + usage.cacheWrite);
    return price === undefined ? undefined : modelCost(price, usage);
  }

  #priceOf({ model, speed }: Pick<ModelRequest, "model" | "speed">, inputTokens: number): ModelPrice | undefined {
    return priceOf(this.#options.route.prices, { model, speed, inputTokens });
  }
}

const unreadable: GatewayAnswer = {
  status: 502,
  message: "the answer is not in a form that can be read, so its cost cannot be limited",
  retry: false,
};

function usageOf(routeId: string, usage: AnswerUsage, costUsd: number | undefined): ModelUsage {
  const { messageId, model, input, output, cacheRead, cacheWrite } = usage;
  return dropUndefined({
    routeId,
    model,
    messageId,
    input,
    output,
    cacheRead,
    cacheWrite,
    costUsd,
  });
}

/** 402, because a harness reports 403 as a failed authentication, and retries after 400. */
function spent({ spentMessage }: ModelLimit): GatewayAnswer {
  return { status: 402, message: spentMessage, retry: false };
}

function withoutPrice({ model, speed }: Pick<ModelRequest, "model" | "speed">): GatewayAnswer {
  const name = `${printable(model)}${speed === undefined ? "" : ` at the speed ${printable(speed)}`}`;
  const message = `the model ${name} has no price, so its cost cannot be limited; give it one with "prices" in the configuration, or run without a limit`;
  return { status: 402, message, retry: false };
}
