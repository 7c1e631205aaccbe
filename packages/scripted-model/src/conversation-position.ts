import { createHash } from "node:crypto";
import type { Script, ScriptTurn } from "./script.ts";
import type { WireRequest } from "./wire/model-wire.ts";

/** Where in the script a request stands. */
export interface ConversationPosition {
  readonly kind: "turn" | "side";
  /** From 0; for a side request 0. */
  readonly turn: number;
  readonly key: string;
  /** How many times the very same messages were sent before. */
  readonly earlierTries: number;
  readonly answer: ScriptTurn;
}

/**
 * Finds the turn that answers a request. The position is the number of the model's own messages in the request, not a
 * count of requests: a retry, or another session with the same script, gets what belongs there.
 */
export class ConversationPositions {
  readonly #script: Script;
  readonly #conversations = new Map<string, number>();
  readonly #tries = new Map<string, number>();

  constructor(script: Script) {
    this.#script = script;
  }

  find(request: WireRequest): ConversationPosition {
    const { opening, isSide, wantsJson } = request;
    const other = this.#script.conversations?.find((one) => opening.includes(one.firstMessageIncludes));
    if (other === undefined && isSide) {
      const answer = { text: wantsJson ? "{}" : "A scripted reply" };
      return { kind: "side", turn: 0, key: `side_${digest(opening)}`, earlierTries: 0, answer };
    }
    const turn = request.messages.filter((message) => message.role === "assistant").length;
    const step = (other ?? this.#script).turns[turn];
    const answer = typeof step === "function" ? step(request) : (step ?? { text: "The script has ended." });
    const sent = digest(JSON.stringify(request.messages));
    const earlierTries = this.#tries.get(sent) ?? 0;
    this.#tries.set(sent, earlierTries + 1);
    return {
      kind: "turn",
      turn,
      key: `scripted_${this.#ordinal(opening)}_${turn}${earlierTries === 0 ? "" : `_try${earlierTries}`}`,
      earlierTries,
      answer,
    };
  }

  #ordinal(opening: string): number {
    const known = this.#conversations.get(opening);
    if (known !== undefined) return known;
    this.#conversations.set(opening, this.#conversations.size);
    return this.#conversations.size - 1;
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
