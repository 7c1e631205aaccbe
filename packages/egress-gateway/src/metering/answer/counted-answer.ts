import type { AnswerContext, AnswerUsage, UsageReader } from "./answer-usage.ts";
import { UsageCounter } from "./usage-counter.ts";

/** What the readers have in common whose API counts all that it reports in one place. */
export abstract class CountedAnswer implements UsageReader {
  protected readonly counter: UsageCounter;
  protected readonly answers: number;
  #isFinal = false;

  constructor(context: AnswerContext) {
    this.answers = context.answers;
    this.counter = new UsageCounter(context);
  }

  get isFinal(): boolean {
    return this.#isFinal;
  }

  get isInputCounted(): boolean {
    return this.counter.isInputCounted;
  }

  usages(unreadBytes: number): readonly AnswerUsage[] {
    return this.counter.usages(unreadBytes);
  }

  abstract event(value: unknown): void;

  abstract whole(value: unknown): void;

  /** Nothing that was used is missing any more, if `isEnd`. */
  protected endIf(isEnd: boolean): void {
    this.#isFinal ||= isEnd;
  }
}
