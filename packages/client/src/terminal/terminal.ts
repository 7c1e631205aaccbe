/** The size of a terminal, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** How a terminal is attached to. */
export interface AttachOptions extends Partial<TerminalSize> {
  /** Only watch: what is written is discarded, and the size is left alone. Default: false. */
  readonly readOnly?: boolean;
  /** Closes the terminal; the run continues. */
  readonly signal?: AbortSignal;
}

/** The terminal of an interactive run. Closing it leaves the run alone. */
export interface Terminal {
  /** What the terminal shows, from its last screenful on. Ends with the terminal; to be read once. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Types bytes, or a text as UTF-8. */
  write(input: Uint8Array<ArrayBuffer> | string): void;
  resize(size: TerminalSize): void;
  /** The exit code of the program, once it has ended; `null` if it is not known, or the terminal was closed before. */
  readonly exit: Promise<number | null>;
  close(): void;
}
