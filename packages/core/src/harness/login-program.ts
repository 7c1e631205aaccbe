/** The programs whose own login on the host a harness can use. */
export const loginPrograms = ["claude", "codex"] as const;

/** A program whose own login on the host a harness can use. */
export type LoginProgram = (typeof loginPrograms)[number];
