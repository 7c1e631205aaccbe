import { SandboxFileError, type SandboxFiles } from "@glovebox/core/provider";
import type { SftpFile } from "./sftp-file.ts";
import { SftpReader } from "./sftp-reader.ts";

export interface SftpWriterOptions {
  readonly files: SandboxFiles;
  readonly path: string;
  /** Permission bits of a file that is new. */
  readonly mode: number | undefined;
  /** The bytes of the file that stay where nothing is written over them: 0 for a file that is new or emptied. */
  readonly keptBytes: number;
  /** Whatever the client says, it writes at the end. */
  readonly appends: boolean;
}

const pieceBytes = 64 * 1024;

/**
 * Writes a file from its beginning to its end, as clients do. The file gets its new content as a whole when it is closed. What is
 * kept of the old one is copied as the writing passes it.
 */
export class SftpWriter implements SftpFile {
  readonly path: string;
  readonly #options: SftpWriterOptions;
  readonly #old: SftpReader;
  readonly #pieces: Uint8Array[] = [];
  #position = 0;
  #isDone = false;
  #wake = (): void => {};
  #room = (): void => {};
  #turn: Promise<unknown> = Promise.resolve();
  readonly #written: Promise<void>;

  constructor(options: SftpWriterOptions) {
    this.path = options.path;
    this.#options = options;
    this.#old = new SftpReader(options.files, options.path);
    const { mode } = options;
    this.#written = options.files.writeStream(options.path, this.#body(), mode === undefined ? {} : { mode });
    // The next write, or the end, reports it.
    this.#written.catch(() => this.#room());
  }

  read(): Promise<Uint8Array | undefined> {
    throw new SandboxFileError(`${this.path} is not open for reading`);
  }

  write(offset: number, bytes: Uint8Array): Promise<void> {
    const turn = this.#turn.then(async () => {
      const at = this.#options.appends ? Math.max(this.#position, this.#options.keptBytes) : offset;
      await this.#copyUpTo(at);
      if (at !== this.#position) throw new SandboxFileError(`${this.path} can only be written from its beginning on`);
      await this.#push(Uint8Array.from(bytes));
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async close(): Promise<void> {
    await this.#turn;
    try {
      await this.#copyUpTo(this.#options.keptBytes);
    } finally {
      this.#isDone = true;
      this.#wake();
      await this.#old.close();
    }
    await this.#written;
  }

  /** Copies what the old file has up to there, as far as it is kept. */
  async #copyUpTo(offset: number): Promise<void> {
    const end = Math.min(offset, this.#options.keptBytes);
    if (this.#position < end && this.#position === 0) await this.#old.open();
    while (this.#position < end) {
      const piece = await this.#old.read(this.#position, Math.min(pieceBytes, end - this.#position));
      if (piece === undefined) throw new SandboxFileError(`${this.path} was changed while it was written`);
      await this.#push(piece);
    }
  }

  /** One piece waits at a time: a client that is faster than the sandbox waits for it. */
  async #push(piece: Uint8Array): Promise<void> {
    this.#pieces.push(piece);
    this.#position += piece.length;
    this.#wake();
    await Promise.race([
      this.#written,
      new Promise<void>((resolve) => {
        this.#room = resolve;
      }),
    ]);
  }

  async *#body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        yield piece;
        this.#room();
      } else if (this.#isDone) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
