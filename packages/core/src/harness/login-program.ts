/** The programs whose own login on the host can be used. */
export const loginPrograms = ["claude", "codex"] as const;

/** A program whose own login on the host can be used. */
export type LoginProgram = (typeof loginPrograms)[number];
