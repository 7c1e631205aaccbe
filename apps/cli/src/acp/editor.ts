import {
  type AgentContext,
  methods,
  type PermissionOption,
  type SessionUpdate,
  type ToolCallUpdate,
} from "@agentclientprotocol/sdk";
import { safeLine } from "@glovebox/core/text";

/** One choice of a question. Without an answer, nothing is chosen. */
export type Choice<Id extends string> = Omit<PermissionOption, "optionId"> & { readonly optionId: Id };

/** The editor's side of one session. */
export class Editor {
  readonly #client: AgentContext;
  readonly #sessionId: string;
  readonly #gone: AbortSignal;

  /** `gone`: aborted when the connection is closed. */
  constructor(client: AgentContext, sessionId: string, gone: AbortSignal) {
    this.#client = client;
    this.#sessionId = sessionId;
    this.#gone = gone;
  }

  /**
   * Resolves when the updates were written, or the editor has gone, which may not have read them. Never rejects: what it does not see
   * must not end the work.
   */
  async send(updates: readonly SessionUpdate[]): Promise<void> {
    if (this.#gone.aborted) return;
    const { update: method } = methods.client.session;
    const sent = updates.map((update) => this.#client.notify(method, { sessionId: this.#sessionId, update }));
    await new Promise<void>((resolve) => {
      const end = () => {
        this.#gone.removeEventListener("abort", end);
        resolve();
      };
      this.#gone.addEventListener("abort", end);
      void Promise.allSettled(sent).then(end);
    });
  }

  /** Asks the user. `undefined` where the user gave no answer: the prompt was cancelled, or the editor has gone. */
  async ask<Id extends string>(
    toolCall: ToolCallUpdate,
    choices: readonly Choice<Id>[],
    signal: AbortSignal,
  ): Promise<Id | undefined> {
    if (signal.aborted) return undefined;
    const answer = await this.#client
      .request(
        methods.client.session.requestPermission,
        { sessionId: this.#sessionId, toolCall, options: [...choices] },
        { cancellationSignal: signal, stopWaitingOnCancel: true },
      )
      // An editor that has gone, or that cannot ask, agrees to nothing.
      .catch(() => undefined);
    const chosen = answer?.outcome.outcome === "selected" ? answer.outcome.optionId : undefined;
    return choices.find(({ optionId }) => optionId === chosen)?.optionId;
  }

  /** Asks a question that is answered by yes or no. */
  async agrees(question: { readonly id: string; readonly title: string }, signal: AbortSignal): Promise<boolean> {
    const { id: toolCallId, title } = question;
    const answer = await this.ask(
      { toolCallId, title: safeLine(title, 500), kind: "other", status: "pending" },
      [
        { optionId: "yes", name: "Yes", kind: "allow_once" },
        { optionId: "no", name: "No", kind: "reject_once" },
      ],
      signal,
    );
    return answer === "yes";
  }
}
