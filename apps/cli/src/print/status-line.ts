import { formatDuration, safeLine } from "@glovebox/core/text";
import type { Output } from "../output.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const clear = "\r\u001b[2K";

/** One line at the bottom of a terminal that shows what is running and for how long. Silent where there is no terminal. */
export class StatusLine {
  readonly #output: Output;
  #text: string | undefined;
  #since = 0;
  #shown = false;
  #frame = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Shows a text; its clock starts again only when the text is another stage's. */
  set(text: string, options: { readonly sameStage?: boolean } = {}): void {
    if (!this.#output.isTTY) return;
    if (this.#text === undefined || !options.sameStage) this.#since = performance.now();
    this.#text = text;
    this.#draw();
    this.#timer ??= setInterval(() => this.#draw(), 100).unref();
  }

  /** Takes the line away so that something can be printed in its place. It comes back by itself. */
  hide(): void {
    if (!this.#shown) return;
    this.#output.write(clear);
    this.#shown = false;
  }

  stop(): void {
    this.hide();
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#text = undefined;
  }

  #draw(): void {
    if (this.#text === undefined) return;
    const { dim, cyan } = this.#output.colors;
    const elapsed = formatDuration(performance.now() - this.#since);
    const text = safeLine(this.#text, Math.max(10, this.#output.columns - elapsed.length - 5));
    this.#frame = (this.#frame + 1) % frames.length;
    this.#output.write(`${clear}${cyan(frames[this.#frame] ?? "")} ${text} ${dim(elapsed)}`);
    this.#shown = true;
  }
}
