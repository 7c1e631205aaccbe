import type { RunInput } from "./run-input.ts";

/** A run that continues an earlier one: its prompt, its provider, its harness, and whatever else differs from the defaults. */
export type ResumeInput = Omit<RunInput, "continues" | "fork">;
