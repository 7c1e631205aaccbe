import type { HarnessEvent } from "@glovebox/core/harness";

type Speech = "text" | "reasoning";

/** A longer text is continued as another message, in UTF-16 units: so that no message can fill the host's memory. */
const longestMessage = 1024 * 1024;

/** The message that the agent is writing. Agents do not say where one ends: it ends where something else begins. */
export class OpenMessage {
  #count = 0;
  #speech: Speech | undefined;
  #agentId: string | undefined;
  #text = "";

  /** The text of the last message that has ended. */
  lastText = "";

  *add(speech: Speech, text: string, agentId: string | undefined): Generator<HarnessEvent> {
    if (text === "") return;
    const continues = this.#speech === speech && this.#agentId === agentId && this.#text.length < longestMessage;
    if (!continues) {
      yield* this.close();
      this.#count += 1;
      this.#speech = speech;
      this.#agentId = agentId;
    }
    if (speech === "text") this.#text += text;
    yield { type: `${speech}.delta`, messageId: this.#messageId, text };
  }

  *close(): Generator<HarnessEvent> {
    if (this.#speech === "text") {
      this.lastText = this.#text;
      yield { type: "message.end", messageId: this.#messageId, role: "assistant", text: this.#text };
    }
    this.#speech = undefined;
    this.#text = "";
  }

  /** Not the agent's own id: that may come again. */
  get #messageId(): string {
    return `message-${this.#count}`;
  }
}
