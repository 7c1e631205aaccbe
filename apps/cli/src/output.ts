import { once } from "node:events";
import type { Writable } from "node:stream";
import { linePrefix, plainText, safeJson } from "@glovebox/core/text";
import pc from "picocolors";
import { inCi } from "./in-ci.ts";
import { tableLines } from "./print/table.ts";
import { textWidth } from "./screen/fit-width.ts";
import { wrapText } from "./screen/wrap-text.ts";

type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** Where text for the user goes. A closed pipe is not an error: later output is dropped. */
export class Output {
  readonly isTTY: boolean;
  /** Whether a line may change in place: on a terminal that can do it, and not in CI, whose log keeps every frame. */
  readonly isAnimated: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly #stream: Stream;
  readonly #gone = new AbortController();

  /** `colors`: whether text is coloured, where the stream itself does not say. */
  constructor(
    stream: Stream,
    env: Readonly<Record<string, string | undefined>>,
    options: { readonly colors?: boolean } = {},
  ) {
    this.#stream = stream;
    this.isTTY = stream.isTTY === true;
    this.isAnimated = this.isTTY && env.TERM !== "dumb" && !inCi(env);
    this.colors = pc.createColors(options.colors ?? (this.isTTY && !env.NO_COLOR && env.TERM !== "dumb"));
    stream.on("error", () => this.#gone.abort());
  }

  /** Fires when nobody reads any more, as after `| head`. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get columns(): number {
    // A pseudo-terminal that was never given a size says 0.
    return this.#stream.columns || 80;
  }

  get rows(): number {
    return this.#stream.rows || 24;
  }

  /** Calls back when the terminal's size has changed. */
  onResize(listener: () => void): Disposable {
    this.#stream.on("resize", listener);
    return { [Symbol.dispose]: () => void this.#stream.off("resize", listener) };
  }

  write(text: string): void {
    if (!this.#gone.signal.aborted && text !== "") this.#stream.write(text);
  }

  /** Bytes as they are, for programs that read them. Resolves when there is room for more, or nobody reads any more. */
  async bytes(piece: Uint8Array): Promise<void> {
    if (this.#gone.signal.aborted || this.#stream.write(piece)) return;
    await once(this.#stream, "drain", { signal: this.#gone.signal }).catch(() => {});
  }

  /**
   * One line. What a caller has let through of a stranger's text cannot become a line of ours: further lines get a prefix, and
   * nothing but colours reaches the terminal. A terminal gets rows that break between words; further rows are indented by
   * `hang` columns, by default to where the text behind a mark or a label begins.
   */
  line(text = "", hang?: number): void {
    const lines = oneLine(text);
    this.write(`${this.isTTY ? wrapLines(lines, Math.max(narrowest, this.columns), hang) : lines}\n`);
  }

  /** Writes pieces as they are, as fast as they are read. Ends early when nobody reads any more. */
  async pipe(pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
    for await (const piece of pieces) {
      if (this.#gone.signal.aborted) return;
      if (!this.#stream.write(piece)) await once(this.#stream, "drain", { signal: this.#gone.signal }).catch(() => {});
    }
  }

  /** A value as one line of JSON. */
  json(value: unknown): void {
    this.write(`${safeJson(value)}\n`);
  }

  /** A table whose cells become one line each. On a terminal it fits the width; elsewhere nothing is cut. */
  table(head: readonly string[], cells: readonly (readonly string[])[]): void {
    const [title, ...rows] = tableLines(head, cells, this.isTTY ? this.columns : undefined);
    this.line(this.colors.dim(title));
    for (const row of rows) this.line(row);
  }

  /** Resolves when everything written has left this process, when nobody wants it, or when the reader's time is over. */
  async flush(withinMs?: number): Promise<void> {
    if (this.#gone.signal.aborted) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#gone.signal.addEventListener("abort", () => resolve(), { once: true });
      this.#stream.write("", () => resolve());
      if (withinMs !== undefined) timer = setTimeout(() => this.#gone.abort(), withinMs);
    });
    clearTimeout(timer);
  }
}

/** A terminal that is narrower breaks the rows itself. */
const narrowest = 20;

const colour = new RegExp(`(${String.fromCharCode(0x1b)}\\[[\\d;]*m)`);

function oneLine(text: string): string {
  const parts = text.split(colour).map((part, index) => (index % 2 === 1 ? part : plainText(part)));
  return parts.join("").replace(/\n(?!│ )/g, `\n${linePrefix}`);
}

/** The time in front of a line of `logs --times`, then a prefix, a label such as `hint: `, or a mark such as `✓ `. */
const opening = /^(?:\d\d:\d\d:\d\d {2})?\s*(?:[a-z]+(?:: | {2,})|[^\p{L}\p{N}\s"'`([{/] )?/u;

function wrapLines(lines: string, width: number, hang: number | undefined): string {
  const wrap = (line: string): string[] => {
    if (textWidth(line) <= width) return [line];
    const [start = ""] = opening.exec(line.replaceAll(new RegExp(colour, "g"), "")) ?? [];
    // A row of a stranger's text stays one.
    if (start.endsWith(linePrefix))
      return wrapText(
        line,
        width,
        start.replace(/^[\d:]+/, (time) => " ".repeat(time.length)),
      );
    const indent = Math.max(2, hang ?? textWidth(start));
    return wrapText(line, width, " ".repeat(Math.min(indent, Math.floor(width / 2))));
  };
  return lines.split("\n").flatMap(wrap).join("\n");
}
