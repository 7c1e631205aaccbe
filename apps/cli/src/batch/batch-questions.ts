import type { RunQuestions } from "../run/run-questions.ts";

type Kind = "consent" | "consentToGive" | "askTrust";
type Answer = boolean | undefined;

/** The answers to what was asked before a batch started, by kind and question. Values that were typed are not among them. */
export type BatchAnswers = Readonly<Record<Kind, readonly (readonly [question: string, answer: boolean | null])[]>>;

/** Asks each question once for all rows of a batch, and answers what is asked later as the user did. */
export class BatchQuestions implements RunQuestions {
  readonly #answers: Readonly<Record<Kind, Map<string, Answer>>>;
  readonly #values = new Map<string, string | undefined>();
  #ask: RunQuestions | undefined;

  /** `ask`: who answers new questions. Without it, the answer to them is no. */
  constructor(ask: RunQuestions | undefined, known?: BatchAnswers) {
    this.#ask = ask;
    const mapOf = (kind: Kind) => new Map<string, Answer>((known?.[kind] ?? []).map(([q, a]) => [q, a ?? undefined]));
    this.#answers = { consent: mapOf("consent"), consentToGive: mapOf("consentToGive"), askTrust: mapOf("askTrust") };
  }

  /** From here on nobody is asked: the batch has started. */
  close(): void {
    this.#ask = undefined;
  }

  /** Whether the user typed a value, which is kept in this process alone. */
  get hasValues(): boolean {
    return [...this.#values.values()].some((value) => value !== undefined);
  }

  get answers(): BatchAnswers {
    const listOf = (kind: Kind) => [...this.#answers[kind]].map(([q, a]) => [q, a ?? null] as const);
    return { consent: listOf("consent"), consentToGive: listOf("consentToGive"), askTrust: listOf("askTrust") };
  }

  async consent(question: string): Promise<boolean> {
    return (await this.#once("consent", question, (ask) => ask.consent(question))) ?? false;
  }

  async consentToGive(question: string): Promise<boolean> {
    return (await this.#once("consentToGive", question, (ask) => ask.consentToGive(question))) ?? false;
  }

  async askTrust(question: string): Promise<boolean | undefined> {
    return await this.#once("askTrust", question, (ask) => ask.askTrust(question));
  }

  async askValue(question: string): Promise<string | undefined> {
    if (!this.#values.has(question) && this.#ask !== undefined) {
      this.#values.set(question, await this.#ask.askValue(question));
    }
    return this.#values.get(question);
  }

  async #once(kind: Kind, question: string, ask: (questions: RunQuestions) => Promise<Answer>): Promise<Answer> {
    const answers = this.#answers[kind];
    if (!answers.has(question) && this.#ask !== undefined) answers.set(question, await ask(this.#ask));
    return answers.get(question);
  }
}
