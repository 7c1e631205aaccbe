import type { Harness } from "@glovebox/core/harness";
import type { CaseRun, CaseRunOptions } from "./case-run/case-run.ts";
import type { Success } from "./case-run/success.ts";

/** What a case works with. */
export interface CaseContext {
  readonly harness: Harness;
  /** The key that the host holds. It must not be found anywhere else. */
  readonly key: string;
  /**
   * Returns a time limit for a run, in milliseconds: what the run that succeeds took, several times over, and `extraMs` for what
   * the case waits for. So a busy machine gets longer, and a case never ends before its program has begun.
   */
  limit(extraMs: number): Promise<number>;
  /** How long a run may be silent, in milliseconds: less than the pause between heartbeats that programs print by themselves. */
  readonly idleMs: number;
  /** Runs the real program to its end, as a user's run would. */
  run(options: CaseRunOptions): Promise<CaseRun>;
  /** One run that succeeds, shared by the cases that look at it. */
  success(): Promise<Success>;
  /** How this program's model asks for a shell command. Throws if it has no shell tool. */
  shell(command: string, tools: readonly string[]): { readonly name: string; readonly input: Record<string, unknown> };
}
