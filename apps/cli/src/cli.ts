import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** What a command gets beside its own options. */
export interface Cli {
  readonly terminal: Terminal;
  /** What stood after `--`. */
  readonly passedThrough: readonly string[];
  /** Runs a command's work and keeps its exit code. */
  readonly act: <A extends unknown[]>(work: (...args: A) => Promise<number>) => (...args: A) => Promise<void>;
}

export type CommandFactory = (cli: Cli) => Command;
