import type { RunQuestions } from "../../run/run-questions.ts";
import type { Editor } from "../editor.ts";

export interface EditorQuestionsOptions {
  readonly runId: string;
  /** The user agrees to whatever has to be installed. */
  readonly yes: boolean;
  readonly signal: AbortSignal;
}

/** Asks in the editor. There is no place in it to type a secret, so that a value is never requested. */
export function editorQuestions(editor: Editor, { runId, yes, signal }: EditorQuestionsOptions): RunQuestions {
  let count = 0;
  const agrees = (title: string) => {
    count += 1;
    return editor.agrees({ id: `${runId}/question/${count}`, title }, signal);
  };
  return {
    consent: async (question) => yes || (await agrees(question)),
    consentToGive: async (question) => yes || (await agrees(question)),
    askTrust: agrees,
    askValue: async () => undefined,
  };
}
