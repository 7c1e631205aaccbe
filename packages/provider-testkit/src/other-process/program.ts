import type { SandboxProvider } from "@glovebox/core/provider";

/** What a program in another process works with. */
export interface ProgramContext {
  readonly provider: SandboxProvider;
  /** As the case gave it, through JSON. */
  readonly input: unknown;
  /** Tells the case something, as JSON. */
  say(value: unknown): void;
  /** The next thing that the case says. */
  hear(): Promise<unknown>;
}

/** Runs in another process. That ends when the program is over and the case releases it, or when it is killed. */
export type Program = (context: ProgramContext) => Promise<void>;
