/** The version of `opencode-ai` that a run uses by default; this package was written and tested for it. */
export const openCodeVersion = "1.18.33";
