import type { RunQuestions } from "../run/run-questions.ts";

/** What was answered, by the question. A new question has no answer. */
export interface RunAnswers {
  readonly consent: ReadonlyMap<string, boolean>;
  readonly consentToGive: ReadonlyMap<string, boolean>;
  readonly trust: ReadonlyMap<string, boolean | undefined>;
  readonly value: ReadonlyMap<string, string | undefined>;
}

/** Keeps what is answered to each question, for the process that carries the run. */
export function recordAnswers(questions: RunQuestions): {
  readonly questions: RunQuestions;
  readonly answers: RunAnswers;
} {
  const answers = {
    consent: new Map<string, boolean>(),
    consentToGive: new Map<string, boolean>(),
    trust: new Map<string, boolean | undefined>(),
    value: new Map<string, string | undefined>(),
  };
  return {
    answers,
    questions: {
      consent: keep(answers.consent, (question) => questions.consent(question)),
      consentToGive: keep(answers.consentToGive, (question) => questions.consentToGive(question)),
      askTrust: keep(answers.trust, (question) => questions.askTrust(question)),
      askValue: keep(answers.value, (question) => questions.askValue(question)),
    },
  };
}

function keep<T>(answers: Map<string, T>, ask: (question: string) => Promise<T>): (question: string) => Promise<T> {
  return async (question) => {
    const answer = await ask(question);
    answers.set(question, answer);
    return answer;
  };
}

/** Answers as the user did. To what the user was never asked, the answer is no. */
export function repeatAnswers({ consent, consentToGive, trust, value }: RunAnswers): RunQuestions {
  return {
    consent: async (question) => consent.get(question) ?? false,
    consentToGive: async (question) => consentToGive.get(question) ?? false,
    askTrust: async (question) => trust.get(question),
    askValue: async (question) => value.get(question),
  };
}
