import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { Output } from "../output.ts";
import type { Terminal } from "../terminal.ts";

/**
 * Outputs that pass whole lines on, in the order of both: what comes before each can be chosen line by line, and those before
 * a moment can be cut to the last few. Nothing in them is redrawn, so that each line stays what it was.
 */
export class LineOutputs {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #terminal: Terminal;
  /** The last lines, while they are not wanted yet. */
  #kept: { readonly output: Output; readonly line: string }[] | undefined;
  readonly #most: number;
  readonly #prefix: () => string;
  readonly #streams: readonly LineStream[];

  /** `tail`: lines are kept back, the last ones only, until `release`. */
  constructor(terminal: Terminal, options: { readonly tail?: number | undefined; readonly prefix: () => string }) {
    this.#terminal = terminal;
    this.#most = options.tail ?? 0;
    this.#kept = options.tail === undefined ? undefined : [];
    this.#prefix = options.prefix;
    const streams = [terminal.stdout, terminal.stderr].map(
      (output) => new LineStream((line) => this.#add(output, line)),
    );
    this.#streams = streams;
    const [stdout, stderr] = streams.map(
      (stream) => new Output(stream, terminal.env, { colors: terminal.stdout.colors.isColorSupported }),
    );
    this.stdout = stdout as Output;
    this.stderr = stderr as Output;
  }

  /** Prints the last of what was kept back; what follows is printed at once. */
  release(): void {
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    for (const { output, line } of kept) output.line(line);
  }

  /** Also what has no end yet. */
  end(): void {
    for (const stream of this.#streams) stream.endLine();
    this.release();
  }

  get terminal(): Terminal {
    return { ...this.#terminal, stdout: this.stdout, stderr: this.stderr };
  }

  #add(output: Output, text: string): void {
    const line = `${this.#prefix()}${text}`;
    if (this.#kept === undefined) output.line(line);
    else if (this.#kept.push({ output, line }) > this.#most) this.#kept.shift();
  }
}

class LineStream extends Writable {
  readonly #decoder = new StringDecoder("utf8");
  readonly #onLine: (line: string) => void;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    super();
    this.#onLine = onLine;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#onLine(line);
    done();
  }

  endLine(): void {
    if (this.#rest !== "") this.#onLine(this.#rest);
    this.#rest = "";
  }
}
