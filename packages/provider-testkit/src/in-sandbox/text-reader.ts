import assert from "node:assert/strict";
import type { OutputChunk, SandboxProcess } from "@glovebox/core/provider";

/** Reads a process's output as it comes, as text. */
export class TextReader {
  readonly #chunks: AsyncIterator<OutputChunk>;
  text = "";

  constructor(process: SandboxProcess) {
    this.#chunks = process.output[Symbol.asyncIterator]();
  }

  /** Reads until the words have come. Throws when the output ends before. */
  async until(words: string): Promise<void> {
    while (!this.text.includes(words)) {
      const { done, value } = await this.#chunks.next();
      if (done) assert.fail(`The output ended without ${JSON.stringify(words)}: ${JSON.stringify(this.text)}`);
      if ("bytes" in value) this.text += Buffer.from(value.bytes).toString("latin1");
    }
  }

  /** Stops reading the output. */
  async stop(): Promise<void> {
    await this.#chunks.return?.();
  }
}
