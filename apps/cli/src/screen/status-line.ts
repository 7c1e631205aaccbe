import { formatDuration, safeLine } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { fitWidth } from "./fit-width.ts";
import { LiveRows } from "./live-rows.ts";
import { frameAt, frameMs } from "./spinner.ts";

/** One line at the bottom of a terminal that shows what a command does and for how long. Silent where nothing is animated. */
export class StatusLine {
  readonly #output: Output;
  readonly #live: LiveRows;
  #text: string | undefined;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: Output) {
    this.#output = output;
    this.#live = new LiveRows(output);
  }

  set(text: string): void {
    if (!this.#output.isAnimated) return;
    if (this.#text === undefined) this.#since = performance.now();
    this.#text = text;
    this.#draw();
    this.#timer ??= setInterval(() => this.#draw(), frameMs).unref();
  }

  stop(): void {
    this.#live.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#text = undefined;
  }

  #draw(): void {
    if (this.#text === undefined) return;
    const { columns, colors } = this.#output;
    const elapsed = formatDuration(performance.now() - this.#since);
    const frame = frameAt(performance.now());
    const text = fitWidth(safeLine(this.#text, columns), Math.max(10, columns - elapsed.length - 4));
    this.#live.draw([
      { plain: `${frame} ${text} ${elapsed}`, shown: `${colors.cyan(frame)} ${text} ${colors.dim(elapsed)}` },
    ]);
  }
}
