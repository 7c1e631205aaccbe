import type { SandboxProcess, SpawnOptions } from "./sandbox-process.ts";

/** The size of a terminal, in characters. */
export interface TerminalSize {
  /** In characters, 1 to 65535. */
  readonly columns: number;
  /** In lines, 1 to 65535. */
  readonly rows: number;
}

/**
 * As for `spawn`, but that a terminal's input is always open. `TERM` is `xterm-256color` unless `env` or the sandbox's
 * own environment says otherwise.
 */
export interface TerminalOptions extends TerminalSize, Omit<SpawnOptions, "stdin"> {}

/**
 * A process with a terminal of its own. All that the terminal shows comes as `stdout`. `write` is what is typed: a `\x03`
 * interrupts, unless the program reads it as a key. `closeInput` types the end of file. A program that a signal ended
 * exits with 128 and the signal's number.
 */
export interface SandboxTerminal extends SandboxProcess {
  /** The program and what it runs see the new size, and SIGWINCH. A no-op after the exit. */
  resize(size: TerminalSize): Promise<void>;
}

/** A terminal that was opened before, by this handle or by another. Each handle may write to it and set its size. */
export interface AttachedTerminal extends SandboxTerminal {
  /** As it was last set when it was attached to. */
  readonly size: TerminalSize;
  /** The offset behind the last byte of output at that moment: what comes before it is the past. */
  readonly outputEnd: number;
}
