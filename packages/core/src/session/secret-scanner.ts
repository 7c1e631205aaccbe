/** A place in a text that holds a secret, or looks like one. Never holds the secret itself. */
export interface SecretFinding {
  /** The first character. */
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
  /** What it is: the name of a secret that is known, or of the rule that found it. */
  readonly name: string;
  /** Whether it is a secret that this host knows. Such a one is never exported. */
  readonly isKnown: boolean;
}

/** Finds secrets in a text. */
export interface SecretScanner {
  scan(text: string): Promise<readonly SecretFinding[]>;
}
