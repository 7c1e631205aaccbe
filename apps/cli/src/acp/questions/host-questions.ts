import { safeLine } from "@glovebox/core/text";
import type { Choice, Editor } from "../editor.ts";

type Answer = "allow" | "later" | "never";

const choices: readonly Choice<Answer>[] = [
  { optionId: "allow", name: "Allow it in this session", kind: "allow_always" },
  { optionId: "later", name: "Not now", kind: "reject_once" },
  { optionId: "never", name: "Do not ask again", kind: "reject_always" },
];

/** The hosts that the user allows in a session, beside those of the options. */
export class HostQuestions {
  readonly #editor: Editor;
  readonly #allowed = new Set<string>();
  readonly #declined = new Set<string>();

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  get allowed(): readonly string[] {
    return [...this.#allowed];
  }

  /** What the sandbox may reach is fixed when it is made: an answer holds from the next prompt on. */
  async ask(hosts: readonly string[], runId: string, signal: AbortSignal): Promise<void> {
    for (const host of hosts) {
      if (this.#declined.has(host) || this.#allowed.has(host)) continue;
      const title = safeLine(`The sandbox was refused ${host}. Allow it from the next prompt on?`, 500);
      const call = { toolCallId: `${runId}/allow/${host}`, title, kind: "fetch" as const, status: "pending" as const };
      const answer = await this.#editor.ask(call, choices, signal);
      if (answer === "allow") this.#allowed.add(host);
      else if (answer === "never") this.#declined.add(host);
    }
  }
}
