import { addAbortSignal, Readable, Transform } from "node:stream";
import type { CostBudget, EgressObserver, ModelPrice, ModelRoute, Spend } from "@glovebox/core/provider";
import { dropUndefined } from "@glovebox/core/provider";
import type { GatewayAnswer } from "../gateway-answer.ts";
import type { AnswerUsage } from "./answer/answer-usage.ts";
import { type AnswerKind, ModelAnswer } from "./answer/model-answer.ts";
import { UsageFilter } from "./answer/usage-filter.ts";
import type { BufferedBytes } from "./buffered-bytes.ts";
import { expectedSpend } from "./expected-spend.ts";
import type { InputRates } from "./input-rates.ts";
import {
  limitSpent,
  surcharged,
  tooMuchAtOnce,
  unbounded,
  unmetered,
  unreadableAnswer,
  unreadableRequest,
  withoutPrice,
} from "./limit-answers.ts";
import type { MeteredApi } from "./metered-api.ts";
import { modelCost, priceOf } from "./model-cost.ts";
import type { ModelRequest, RequestTarget } from "./model-request.ts";
import type { SandboxBudget } from "./sandbox-budget.ts";

/** The most that today's models write in one answer, where the price does not say it, in tokens. */
const usualMostOutput = 128_000;

export interface ModelCallOptions {
  readonly route: ModelRoute;
  readonly api: MeteredApi;
  readonly target: RequestTarget;
  /** The harness's agent that the request names. */
  readonly agentId: string | undefined;
  /** Absent where cost is reported and not limited. */
  readonly budget: SandboxBudget | undefined;
  readonly rates: InputRates;
  readonly pending: BufferedBytes;
  readonly onUsage: NonNullable<EgressObserver["onUsage"]>;
  /** Ends the exchange: its answer has used up the limit. */
  readonly cut: (answer: GatewayAnswer) => void;
}

/** The body to forward, as bytes where it was read, or the response that is sent instead of the upstream's. */
export type Admission = { readonly body: Readable | Buffer | null } | { readonly refusal: GatewayAnswer };

/** A limit that a call has to keep. */
interface CallLimit {
  readonly budget: SandboxBudget;
  /** Counts the call. */
  readonly node: CostBudget;
}

const nothing: Spend = { usd: 0, tokens: 0 };
/** How many bytes of text make a token, for what nobody has counted yet. */
const bytesPerToken = 4;

/** One request to a model whose use is read, and limited where there is a limit. */
export class ModelCall {
  readonly #options: ModelCallOptions;
  readonly #limit: CallLimit | undefined;
  #request: ModelRequest | undefined;
  #answer: ModelAnswer | undefined;
  /** Takes out of the answer what only the gateway has asked for. */
  #filter: UsageFilter | undefined;
  #status: number | undefined;
  #isCut = false;
  #hasLearned = false;
  #isAdmitted = false;
  #worst = nothing;
  /** Whether the upstream may have the request and has not reported all that it uses. */
  #isOwing = false;
  #onCostKnown = (): void => {};

  constructor(options: ModelCallOptions) {
    this.#options = options;
    const { budget, agentId } = options;
    this.#limit = budget && { budget, node: budget.nodeFor(agentId) };
  }

  /** Whether the limit has ended it. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /**
   * Calls once the response has reported what the request uses; at once where it costs nothing. A client that hangs up before
   * that would not be charged for what the upstream has read, and thought without showing it.
   */
  onceCostIsKnown(then: () => void): void {
    if (this.#isOwing) this.#onCostKnown = then;
    else then();
  }

  /**
   * Decides whether the request may go. Under a limit its body is read first, for only the whole of it says which model
   * is asked for; without one it passes as it comes, unless it has to ask for its usage.
   */
  async admit(body: Readable | null, signal: AbortSignal): Promise<Admission> {
    const { pending, api, target } = this.#options;
    if (this.#limit === undefined && api.reporting === undefined) return { body };
    const chunks: Buffer[] = [];
    for await (const chunk of body === null ? [] : addAbortSignal(signal, body)) {
      chunks.push(chunk as Buffer);
      if (!pending.add(this, (chunk as Buffer).length)) return { refusal: tooMuchAtOnce };
    }
    const bytes = Buffer.concat(chunks);
    this.#request = api.readRequest(bytes, target);
    if (this.#limit !== undefined) {
      const refusal = await this.#refusal(this.#limit, this.#request, signal);
      if (refusal !== undefined) return { refusal };
    }
    // What nobody limits and nobody can read passes as it came.
    if (this.#request === undefined) return { body: Readable.from([bytes]) };
    const reporting = api.reporting?.ask(bytes);
    if (reporting !== undefined) this.#filter = new UsageFilter((data) => api.reporting?.isOwn(data) ?? false);
    return { body: reporting ?? bytes };
  }

  /**
   * The upstream has answered: what its body says is read through the stream that this returns. `requestBytes`: how long the
   * request was.
   */
  answered(
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    requestBytes: number,
  ): Transform {
    this.#status = status;
    if (status >= 400) this.#costIsKnown();
    const type = String(headers["content-type"] ?? "").toLowerCase();
    const isReadable = status < 400 && /^(identity)?$/.test(String(headers["content-encoding"] ?? ""));
    const kind = answerKind(type);
    if (isReadable && kind !== undefined) {
      const weight = this.#request?.weight ?? requestBytes;
      const { model, answers = 1 } = this.#request ?? {};
      const context = { model, answers, inputTokens: Math.ceil(weight / bytesPerToken) };
      this.#answer = new ModelAnswer(kind, this.#options.api.usageReader(context));
    }
    const filter = (kind === "stream" || kind === "unnamed") && status < 400 ? this.#filter : undefined;
    if (this.#limit !== undefined && status < 400 && this.#answer === undefined) this.#cut(unreadableAnswer);
    const read = (chunk?: Buffer) => this.#read(chunk);
    const isCut = () => this.#isCut;
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        // What is read of it does not hold it up. What still comes of a cut answer was paid for, and goes nowhere.
        if (!isCut()) this.push(filter?.push(chunk) ?? chunk);
        read(chunk);
        done();
      },
      flush(done) {
        if (!isCut() && filter !== undefined) this.push(filter.end());
        read();
        done();
      },
    });
  }

  /** The exchange is over. `isUnreachable`: the upstream never had the request. */
  end({ isUnreachable }: { readonly isUnreachable: boolean }): void {
    const { pending, onUsage, route, agentId } = this.#options;
    pending.release(this);
    const usages = this.#answer?.usages ?? [];
    this.#limit?.node.reconcile(this, this.#settled(usages, isUnreachable));
    const budget = this.#limit?.node.totals;
    for (const usage of usages) {
      const { messageId, model, input, output, cacheRead, cacheWrite } = usage;
      const costUsd = this.#costOf(usage);
      const tokens = { input, output, cacheRead, cacheWrite };
      onUsage({ routeId: route.id, model, ...tokens, ...dropUndefined({ messageId, costUsd, agentId, budget }) });
    }
  }

  /** Without a report from the upstream, a request that it has accepted counts as what is reserved. */
  #settled(usages: readonly AnswerUsage[], isUnreachable: boolean) {
    const isFree = !this.#isAdmitted || isUnreachable || (this.#status ?? 0) >= 400;
    if (usages.length === 0) return isFree ? { spent: nothing, worst: nothing } : undefined;
    return this.#known(usages);
  }

  async #refusal(
    { budget, node }: CallLimit,
    request: ModelRequest | undefined,
    signal: AbortSignal,
  ): Promise<GatewayAnswer | undefined> {
    if (request === undefined) return unreadableRequest;
    if (request.unmetered !== undefined) return unmetered(request.unmetered);
    if (node.limitsCost && request.surcharge !== undefined) return surcharged(request.surcharge);
    const expected = this.#priceOf(request, Math.ceil(request.weight / bytesPerToken));
    const longest = this.#priceOf(request, request.mostInputTokens);
    if (node.limitsCost && (expected === undefined || longest === undefined)) return withoutPrice(request);
    const { api, rates } = this.#options;
    const mostTokens = request.maxTokens ?? mostOutput(request, longest, node.isStrict);
    if (node.isStrict && (request.isGrowing || mostTokens === undefined)) return unbounded(api.outputField);
    const bounded = { ...request, maxTokens: mostTokens };
    this.#request = bounded;
    const bound = { isOwn: request.maxTokens !== undefined, countsAtEnd: api.countsAtEnd };
    const spend = expectedSpend(bounded, { prices: { expected, longest }, rates, bound });
    const exceeded = await budget.admit(node, this, spend, signal);
    if (exceeded !== undefined) return limitSpent(exceeded);
    this.#isAdmitted = true;
    this.#worst = spend.worst;
    this.#isOwing = true;
    return undefined;
  }

  #read(chunk?: Buffer): void {
    if (chunk === undefined) this.#answer?.end();
    else this.#answer?.push(chunk);
    const usages = this.#answer?.usages ?? [];
    const [usage] = usages;
    if (this.#limit === undefined || usage === undefined || this.#isCut) return;
    const { budget, node } = this.#limit;
    const unpriced = node.limitsCost ? usages.find((one) => this.#costOf(one) === undefined) : undefined;
    if (unpriced !== undefined) return void this.#cut(withoutPrice(unpriced));
    this.#learn(usage);
    const known = this.#known(usages);
    const exceeded = budget.reserve(node, this, known);
    if (exceeded !== undefined) this.#cut(limitSpent(exceeded));
    else if (this.#answer?.isFinal) this.#costIsKnown();
  }

  #costIsKnown(): void {
    this.#isOwing = false;
    this.#onCostKnown();
  }

  #cut(answer: GatewayAnswer): void {
    this.#isCut = true;
    this.#options.cut(answer);
  }

  #learn(usage: AnswerUsage): void {
    if (this.#hasLearned || this.#request === undefined || !this.#answer?.isInputCounted) return;
    this.#hasLearned = true;
    const { model, weight } = this.#request;
    this.#options.rates.learn(model, this.#total([{ ...usage, output: 0, webSearches: 0 }]), weight);
  }

  /** What the request has come to, and what it may still come to: with all the output that it asks for. */
  #known(usages: readonly AnswerUsage[]) {
    const spent = this.#total(usages);
    const [usage, ...beside] = usages;
    const { isStreamed = false, isGrowing = false, maxTokens = 0 } = this.#request ?? {};
    const isFinal = this.#answer?.isFinal ?? false;
    if (usage === undefined || isFinal) return { spent, worst: spent, isKnown: true };
    // What the API adds to the input on its own is not known before the end, and some APIs count nothing before it.
    if (isGrowing || !this.#answer?.isInputCounted)
      return { spent, worst: greater(this.#worst, spent), isKnown: false };
    const worst = this.#total([{ ...usage, output: Math.max(usage.output, maxTokens) }, ...beside]);
    return { spent, worst, isKnown: isStreamed };
  }

  #total(usages: readonly AnswerUsage[]): Spend {
    let [usd, tokens] = [0, 0];
    for (const usage of usages) {
      usd += this.#costOf(usage) ?? 0;
      tokens += usage.input + usage.output + usage.cacheWrite;
    }
    return { usd, tokens };
  }

  #costOf(usage: AnswerUsage): number | undefined {
    const price = this.#priceOf(usage, usage.input + usage.cacheRead + usage.cacheWrite);
    return price === undefined ? undefined : modelCost(price, usage);
  }

  #priceOf({ model, speed }: Pick<ModelRequest, "model" | "speed">, inputTokens: number): ModelPrice | undefined {
    return priceOf(this.#options.route.prices, { model, speed, inputTokens });
  }
}

/** The most that a request writes which does not bound its output: its model does. */
function mostOutput({ answers }: ModelRequest, price: ModelPrice | undefined, isStrict: boolean): number | undefined {
  const most = price?.maxOutputTokens ?? (isStrict ? undefined : usualMostOutput);
  return most === undefined ? undefined : most * answers;
}

function answerKind(type: string): AnswerKind | undefined {
  if (type.startsWith("application/vnd.amazon.eventstream")) return "frames";
  if (type.startsWith("text/event-stream")) return "stream";
  // Some servers do not say that they stream.
  if (type === "") return "unnamed";
  return type.startsWith("application/json") ? "json" : undefined;
}

function greater(one: Spend, other: Spend): Spend {
  return { usd: Math.max(one.usd, other.usd), tokens: Math.max(one.tokens, other.tokens) };
}
