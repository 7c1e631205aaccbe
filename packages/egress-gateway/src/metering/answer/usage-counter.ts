import type { AnswerContext, AnswerCounts, AnswerUsage } from "./answer-usage.ts";

/** How many bytes of text make a token, for what the API has not counted yet. */
const bytesPerToken = 4;

export const noCounts: AnswerCounts = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWriteHour: 0,
  webSearches: 0,
};

/** Adds up what an API says about one answer, and estimates what it has not said yet. */
export class UsageCounter {
  readonly #context: AnswerContext;
  #message: Pick<AnswerUsage, "messageId" | "model"> | undefined;
  #counts = noCounts;
  /** Text that came after the last count. */
  #uncountedBytes = 0;
  #isInputCounted = false;
  speed: string | undefined;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  get hasStarted(): boolean {
    return this.#message !== undefined;
  }

  get isInputCounted(): boolean {
    return this.#isInputCounted;
  }

  get counts(): AnswerCounts {
    return this.#counts;
  }

  /** The answer has begun. What it does not say of itself stays as it was; without a model it is the one asked for. */
  start(id: unknown, model: unknown): void {
    const named = typeof model === "string" && model !== "" ? model : (this.#message?.model ?? this.#context.model);
    if (named === undefined) return;
    this.#message = { messageId: typeof id === "string" ? id : this.#message?.messageId, model: named };
  }

  addText(bytes: number): void {
    this.#uncountedBytes += bytes;
  }

  /** Counts are cumulative; what a later one leaves out stays as it was. `coversText`: the output is among them. */
  count(counts: Partial<AnswerCounts>, coversText = true): void {
    const next = { ...this.#counts };
    for (const field of Object.keys(noCounts) as (keyof AnswerCounts)[]) {
      next[field] = Math.max(next[field], counts[field] ?? 0);
    }
    this.#counts = next;
    if (counts.input !== undefined) this.#isInputCounted = true;
    if (coversText) this.#uncountedBytes = 0;
  }

  /** The same as a list: empty before the answer has begun. */
  usages(unreadBytes: number): readonly AnswerUsage[] {
    const usage = this.usage(unreadBytes);
    return usage === undefined ? [] : [usage];
  }

  usage(unreadBytes: number): AnswerUsage | undefined {
    if (this.#message === undefined) return undefined;
    const output = this.#counts.output + Math.ceil((this.#uncountedBytes + unreadBytes) / bytesPerToken);
    const input = this.#isInputCounted ? this.#counts.input : this.#context.inputTokens;
    return { ...this.#message, speed: this.speed, ...this.#counts, input, output };
  }
}

/** A count as an API sends it: zero for anything else. */
export function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

/** The bytes of every text in a value, however deep it is: of objects and lists, a bounded number. */
export function textBytes(value: unknown): number {
  let bytes = 0;
  const rest: unknown[] = [value];
  for (let seen = 0; rest.length > 0 && seen < 10_000; seen += 1) {
    const one = rest.pop();
    if (typeof one === "string") bytes += Buffer.byteLength(one);
    else if (typeof one === "object" && one !== null) for (const inner of Object.values(one)) rest.push(inner);
  }
  return bytes;
}
