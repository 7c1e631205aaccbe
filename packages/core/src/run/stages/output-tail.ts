import { setTimeout as delay } from "node:timers/promises";
import type { OutputChunk } from "../../provider/sandbox-process.ts";

const maxBytes = 16 * 1024;
const shownLines = 10;
const shownCharacters = 2000;
const settleMs = 500;

/** The end of what a program prints, for an error. */
export class OutputTail {
  readonly #ended: Promise<void>;
  #bytes = Buffer.alloc(0);

  private constructor(output: AsyncIterable<OutputChunk>) {
    // Without the output there is less to show; the exit reports that the connection broke.
    this.#ended = this.#read(output).catch(() => {});
  }

  /** Reads the output to its end. */
  static of(output: AsyncIterable<OutputChunk>): OutputTail {
    return new OutputTail(output);
  }

  /** Resolves when everything was read that a program had printed when it ended. */
  async settled(): Promise<void> {
    await Promise.race([this.#ended, delay(settleMs, undefined, { ref: false })]);
  }

  /** The last lines, each on a line of its own, after a line break; empty when nothing was printed. */
  lines(): string {
    const text = this.#text();
    return text === "" ? "" : `\n${text}`;
  }

  /** The last line, after a colon; empty when nothing was printed. */
  line(): string {
    const last = this.#text().split("\n").at(-1) ?? "";
    return last === "" ? "" : `: ${last}`;
  }

  #text(): string {
    const lines = this.#bytes.toString("utf8").trimEnd().split("\n");
    return lines.slice(-shownLines).join("\n").slice(-shownCharacters);
  }

  async #read(output: AsyncIterable<OutputChunk>): Promise<void> {
    for await (const chunk of output) {
      if ("bytes" in chunk) this.#bytes = Buffer.concat([this.#bytes, chunk.bytes]).subarray(-maxBytes);
    }
  }
}
