import type { CallOptions } from "../provider/call-options.ts";
import type { FileInfo, GetArchiveOptions, SandboxFiles } from "../provider/sandbox-files.ts";
import { boundedStream, timedPieces } from "./bounded-stream.ts";
import { within } from "./within.ts";

/** For what does not depend on how much there is. */
const answerTimeoutMs = 60_000;
/** For what may have to look at many files before it can answer. */
const longAnswerTimeoutMs = 10 * 60_000;
/** A stream from the sandbox that gives nothing for so long has ended. */
const readTimeoutMs = 2 * 60_000;
/** A slow line holds megabytes back after the last piece was taken. */
const writeTimeoutMs = 5 * 60_000;

/** A sandbox's files, each call and each piece of a stream with a deadline. */
export class BoundedFiles implements SandboxFiles {
  readonly #files: SandboxFiles;
  readonly #providerId: string;

  constructor(files: SandboxFiles, providerId: string) {
    this.#files = files;
    this.#providerId = providerId;
  }

  async readStream(path: string, options: CallOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    const bound = this.#bound("reading a file of the sandbox", options, readTimeoutMs);
    // The stream outlives the call, so that it is given the caller's own signal.
    return boundedStream(await within(bound, () => this.#files.readStream(path, options)), bound);
  }

  writeStream(
    path: string,
    body: AsyncIterable<Uint8Array>,
    options: CallOptions & { readonly mode?: number } = {},
  ): Promise<void> {
    const bound = this.#bound("writing a file in the sandbox", options, writeTimeoutMs);
    return within(bound, (wait) =>
      this.#files.writeStream(path, timedPieces(body, wait), { ...options, signal: wait.signal }),
    );
  }

  stat(path: string, options: CallOptions = {}): Promise<FileInfo | null> {
    return within(this.#bound("looking at a file of the sandbox", options), ({ signal }) =>
      this.#files.stat(path, { ...options, signal }),
    );
  }

  list(path: string, options: CallOptions = {}): Promise<readonly FileInfo[]> {
    return within(this.#bound("listing a directory of the sandbox", options, longAnswerTimeoutMs), ({ signal }) =>
      this.#files.list(path, { ...options, signal }),
    );
  }

  makeDirectory(path: string, options: CallOptions = {}): Promise<void> {
    return within(this.#bound("making a directory in the sandbox", options), ({ signal }) =>
      this.#files.makeDirectory(path, { ...options, signal }),
    );
  }

  move(from: string, to: string, options: CallOptions = {}): Promise<void> {
    return within(this.#bound("moving a file in the sandbox", options, longAnswerTimeoutMs), ({ signal }) =>
      this.#files.move(from, to, { ...options, signal }),
    );
  }

  remove(path: string, options: CallOptions = {}): Promise<void> {
    return within(this.#bound("removing files in the sandbox", options, longAnswerTimeoutMs), ({ signal }) =>
      this.#files.remove(path, { ...options, signal }),
    );
  }

  putArchive(directory: string, tar: AsyncIterable<Uint8Array>, options: CallOptions = {}): Promise<void> {
    const bound = this.#bound("uploading files to the sandbox", options, writeTimeoutMs);
    return within(bound, (wait) =>
      this.#files.putArchive(directory, timedPieces(tar, wait), { ...options, signal: wait.signal }),
    );
  }

  async getArchive(directory: string, options: GetArchiveOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    const bound = this.#bound("reading the sandbox's files", options, readTimeoutMs);
    return boundedStream(await within(bound, () => this.#files.getArchive(directory, options)), bound);
  }

  #bound(operation: string, { signal }: CallOptions, timeoutMs = answerTimeoutMs) {
    return { operation, timeoutMs, signal, providerId: this.#providerId };
  }
}
