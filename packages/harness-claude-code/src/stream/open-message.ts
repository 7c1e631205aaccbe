import type { HarnessEvent } from "@glovebox/core/harness";
import type { LineUsage } from "./stream-line.ts";

/** No model says more in one message; what does is not a model. */
const mostText = 16 * 1024 * 1024;

/**
 * One message of a model while its pieces come in: as stream deltas, as whole blocks that repeat them, or (sub-agents) as
 * whole blocks alone. Each piece of text goes out once, so that the deltas add up to the text at the end.
 */
export class OpenMessage {
  readonly id: string;
  readonly model: string;
  readonly #parent: { readonly parentCallId?: string };
  readonly #sent = { text: "", reasoning: "" };
  readonly #whole = { text: "", reasoning: "" };
  #usage: LineUsage = {};
  /** The stream has reported the final usage; before that its counts are placeholders. */
  #counted = false;

  constructor(id: string, model: string, parentCallId: string | undefined) {
    this.id = id;
    this.model = model;
    this.#parent = parentCallId === undefined ? {} : { parentCallId };
  }

  *delta(kind: "text" | "reasoning", text: string): Generator<HarnessEvent> {
    if (text === "" || this.#sent[kind].length + text.length > mostText) return;
    this.#sent[kind] += text;
    yield { type: `${kind}.delta`, messageId: this.id, text, ...this.#parent };
  }

  /** A whole block: what the deltas did not bring goes out. */
  *block(kind: "text" | "reasoning", text: string): Generator<HarnessEvent> {
    if (this.#whole[kind].length + text.length > mostText) return;
    this.#whole[kind] += text;
    yield* this.delta(kind, this.#whole[kind].slice(this.#sent[kind].length));
  }

  count(usage: LineUsage, final: boolean): void {
    const known = Object.fromEntries(Object.entries(usage).filter(([, value]) => typeof value === "number"));
    this.#usage = { ...this.#usage, ...known };
    this.#counted ||= final;
  }

  *end(): Generator<HarnessEvent> {
    if (this.#sent.text !== "" || this.#sent.reasoning !== "") {
      yield { type: "message.end", messageId: this.id, role: "assistant", text: this.#sent.text, ...this.#parent };
    }
    if (!this.#counted) return;
    yield {
      type: "usage",
      model: this.model,
      messageId: this.id,
      input: this.#usage.input_tokens ?? 0,
      output: this.#usage.output_tokens ?? 0,
      cacheRead: this.#usage.cache_read_input_tokens ?? 0,
      cacheWrite: this.#usage.cache_creation_input_tokens ?? 0,
      source: "harness",
      ...this.#parent,
    };
  }
}
