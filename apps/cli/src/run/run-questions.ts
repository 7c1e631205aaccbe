import { createConsent, createTrustQuestion, createValueQuestion } from "../consent.ts";
import type { Terminal } from "../terminal.ts";

/** What may be asked before a run starts. */
export interface RunQuestions {
  /** Asked before anything is installed on this host. */
  consent(question: string): Promise<boolean>;
  /** Asked before a component gets a value of the user's environment. */
  consentToGive(question: string): Promise<boolean>;
  /** Whether a git host may be reached; `undefined` where nobody can answer. */
  askTrust(question: string): Promise<boolean | undefined>;
  /** A value that a component needs; `undefined` where nobody can answer. */
  askValue(question: string): Promise<string | undefined>;
}

interface AskingOptions {
  readonly yes?: boolean | undefined;
  readonly noInput?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly beforeAsking: () => void;
}

/** Asks on the terminal. */
export function terminalQuestions(terminal: Terminal, options: AskingOptions): RunQuestions {
  return {
    consent: createConsent(terminal, { ...options, ciAgrees: true }),
    consentToGive: createConsent(terminal, { ...options, byDefault: false }),
    askTrust: createTrustQuestion(terminal, options),
    askValue: createValueQuestion(terminal, options),
  };
}
