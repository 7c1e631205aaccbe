import type { RunEventBody } from "../../events/run-event.ts";
import type { Secret } from "../../provider/secret.ts";

type Delta = Extract<RunEventBody, { type: "text.delta" | "reasoning.delta" }>;

/** Shorter values would redact ordinary words. */
const shortestRedacted = 6;

/**
 * Takes secret values out of events. A value that is spread over several deltas is caught too: the end of a delta that
 * could begin a secret is held back until the next one, or the end of its message, decides.
 */
export class Redactor {
  readonly #values: readonly (readonly [value: string, mask: string])[];
  readonly #pending = new Map<string, Delta>();

  constructor(secrets: readonly Secret[]) {
    this.#values = secrets
      .map((secret) => [secret.reveal(), `[${secret.name}]`] as const)
      .filter(([value]) => value.length >= shortestRedacted)
      .sort(([a], [b]) => b.length - a.length);
  }

  text(text: string): string {
    let clean = text;
    for (const [value, mask] of this.#values) clean = clean.replaceAll(value, mask);
    return clean;
  }

  /** The events to publish for one that happened: none while it is held back, two when a held one is let go. */
  event(body: RunEventBody): RunEventBody[] {
    if (this.#values.length === 0) return [body];
    if (body.type === "text.delta" || body.type === "reasoning.delta") return this.#delta(body);
    return [...this.flush(body.type === "message.end" ? body.messageId : undefined), this.value(body) as RunEventBody];
  }

  /** What is held back: of one message, or of all. */
  flush(messageId?: string): RunEventBody[] {
    const freed: RunEventBody[] = [];
    for (const [key, pending] of this.#pending) {
      if (messageId !== undefined && pending.messageId !== messageId) continue;
      this.#pending.delete(key);
      freed.push({ ...pending, text: this.text(pending.text) });
    }
    return freed;
  }

  #delta(body: Delta): RunEventBody[] {
    const key = `${body.type}/${body.messageId}`;
    const text = this.text((this.#pending.get(key)?.text ?? "") + body.text);
    const keep = this.#possibleStart(text);
    if (keep > 0) this.#pending.set(key, { ...body, text: text.slice(text.length - keep) });
    else this.#pending.delete(key);
    return keep === text.length ? [] : [{ ...body, text: text.slice(0, text.length - keep) }];
  }

  /** The length of the longest end of `text` with which a secret begins. */
  #possibleStart(text: string): number {
    let longest = 0;
    for (const [value] of this.#values) {
      for (let length = Math.min(value.length - 1, text.length); length > longest; length--) {
        if (value.startsWith(text.slice(text.length - length))) longest = length;
      }
    }
    return longest;
  }

  /** A value whose texts, at every depth, hold no secret. */
  value(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.value(item)]));
  }
}
