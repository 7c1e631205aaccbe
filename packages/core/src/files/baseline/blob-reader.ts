import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { SandboxFileError } from "../../errors/index.ts";
import { killGit, spawnHostGit } from "../git/host-git.ts";

const newline = 0x0a;

/** Reads contents out of a repository by their object ids, one after the other, with one process of git. */
export class BlobReader implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(gitDir: string, signal?: AbortSignal) {
    this.#child = spawnHostGit([`--git-dir=${gitDir}`, "cat-file", "--batch"], { cwd: gitDir, signal });
    // The reader finds out by the end of the output.
    this.#child.on("error", () => {});
    this.#child.stderr.resume();
    this.#chunks = this.#child.stdout[Symbol.asyncIterator]();
  }

  async read(id: string): Promise<Buffer> {
    this.#child.stdin.write(`${id}\n`);
    const header = (await this.#take((bytes) => bytes.indexOf(newline) + 1)).toString("latin1");
    const size = /^\S+ blob (\d+)\n$/.exec(header)?.[1];
    if (size === undefined) throw new SandboxFileError(`The project's state lacks the content ${id}`);
    const length = Number(size) + 1;
    return (await this.#take((bytes) => (bytes.length < length ? 0 : length))).subarray(0, -1);
  }

  /** The first bytes of the output, as many as `lengthOf` says; it says 0 where more are needed. */
  async #take(lengthOf: (bytes: Buffer) => number): Promise<Buffer> {
    for (;;) {
      const length = lengthOf(this.#rest);
      if (length > 0) {
        const taken = this.#rest.subarray(0, length);
        this.#rest = this.#rest.subarray(length);
        return taken;
      }
      const { value, done } = await this.#chunks.next();
      if (done) throw new SandboxFileError("The project's state could not be read: git ended early");
      this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.destroy();
    killGit(this.#child);
  }
}
