/** The version of `@google/gemini-cli` that a run uses by default; this package was written and tested for it. */
export const geminiVersion = "0.61.0";
