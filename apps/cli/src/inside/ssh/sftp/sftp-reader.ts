import { SandboxFileError, type SandboxFiles } from "@glovebox/core/provider";
import type { SftpFile } from "./sftp-file.ts";

/** As much as OpenSSH's server gives at once. */
const maxPieceBytes = 256 * 1024;

/**
 * Reads a file as it streams: clients read from the beginning on, several pieces ahead. One that goes back costs a stream from the
 * beginning again.
 */
export class SftpReader implements SftpFile {
  readonly path: string;
  readonly #files: SandboxFiles;
  #pieces: AsyncIterator<Uint8Array> | undefined;
  #rest: Uint8Array = new Uint8Array();
  #position = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(files: SandboxFiles, path: string) {
    this.#files = files;
    this.path = path;
  }

  /** Opens the stream, and throws where there is no such file. */
  async open(): Promise<void> {
    this.#pieces = (await this.#files.readStream(this.path))[Symbol.asyncIterator]();
    this.#rest = new Uint8Array();
    this.#position = 0;
  }

  read(offset: number, length: number): Promise<Uint8Array | undefined> {
    const turn = this.#turn.then(() => this.#read(offset, length));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  write(): Promise<void> {
    throw new SandboxFileError(`${this.path} is not open for writing`);
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#pieces?.return?.();
  }

  /** All that was requested, short only at the end: a client asks for the rest of a short piece out of turn. */
  async #read(offset: number, length: number): Promise<Uint8Array | undefined> {
    if (offset < this.#position) {
      await this.#pieces?.return?.();
      await this.open();
    }
    while (this.#position < offset) {
      if ((await this.#take(offset - this.#position)) === undefined) return undefined;
    }
    const taken: Uint8Array[] = [];
    for (let missing = Math.min(length, maxPieceBytes); missing > 0; ) {
      const piece = await this.#take(missing);
      if (piece === undefined) break;
      taken.push(piece);
      missing -= piece.length;
    }
    return taken.length === 0 ? undefined : Buffer.concat(taken);
  }

  async #take(length: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#pieces?.next();
      if (next === undefined || next.done) return undefined;
      // The piece's memory may be used again.
      this.#rest = Uint8Array.from(next.value);
    }
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(taken.length);
    this.#position += taken.length;
    return taken;
  }
}
