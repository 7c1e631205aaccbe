import { linePrefix } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { fitWidth, textWidth } from "./fit-width.ts";
import { LiveRows } from "./live-rows.ts";
import { frameAt, frameMs } from "./spinner.ts";
import { TextRows } from "./text-rows.ts";

export interface RunScreenOptions {
  /** Where the agent's text goes. */
  readonly stdout: Output;
  /** Where everything else goes. */
  readonly stderr: Output;
  /** What the status line shows: facts, and what is being done. Without the latter there is no line. */
  readonly status: () => { readonly facts: readonly string[]; readonly activity: string | undefined };
}

/** Prints the agent's text and lines beside it; on a terminal, above a status line that stays at the bottom. */
export class RunScreen {
  readonly #options: RunScreenOptions;
  readonly #live: LiveRows;
  readonly #rows = new TextRows();
  #timer: NodeJS.Timeout | undefined;
  /** The agent's text ends within a line. */
  #midLine = false;

  constructor(options: RunScreenOptions) {
    this.#options = options;
    this.#live = new LiveRows(options.stderr);
  }

  /** Whether there is a status line. */
  get isLive(): boolean {
    return this.#options.stderr.isAnimated;
  }

  /** Draws the status line, and again until `stop`. */
  show(): void {
    if (!this.isLive) return;
    this.#draw();
    this.#timer ??= setInterval(() => this.#draw(), frameMs).unref();
  }

  /** Takes the status line away. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.breakLine();
    this.#live.clear();
  }

  /** A line beside the agent's text. */
  line(text: string): void {
    this.breakLine();
    this.#live.clear();
    this.#options.stderr.line(text);
    if (this.#timer !== undefined) this.#draw();
  }

  /** The agent's text, which must be safe for a terminal. Each line has a prefix: none can be taken for one of ours. */
  text(text: string): void {
    if (text === "") return;
    if (!this.#isOneTerminal) {
      this.#stream(text);
      return;
    }
    this.#midLine = true;
    this.#print(this.#rows.push(text, Math.max(20, this.#options.stdout.columns - textWidth(linePrefix) - 1)));
    if (this.#rows.pending === "" && text.endsWith("\n")) this.#midLine = false;
    this.show();
  }

  /** Ends a line of the agent's text that has not ended. */
  breakLine(): void {
    if (!this.#midLine) return;
    this.#midLine = false;
    if (this.#isOneTerminal) this.#print([this.#rows.end()]);
    else this.#options.stdout.write("\n");
  }

  /** Both outputs go to a terminal, which is taken to be the same one. */
  get #isOneTerminal(): boolean {
    return this.isLive && this.#options.stdout.isAnimated;
  }

  #print(rows: readonly string[]): void {
    if (rows.length === 0) return;
    this.#live.clear();
    this.#options.stdout.write(rows.map((row) => `${linePrefix}${row}\n`).join(""));
    if (this.#timer !== undefined) this.#draw();
  }

  #stream(text: string): void {
    const start = this.#midLine ? "" : linePrefix;
    this.#options.stdout.write(start + text.replace(/\n(?!$)/g, `\n${linePrefix}`));
    this.#midLine = !text.endsWith("\n");
  }

  #draw(): void {
    const { facts, activity } = this.#options.status();
    const { columns, colors } = this.#options.stderr;
    const rows: { plain: string; shown?: string }[] = [];
    const { pending } = this.#rows;
    if (pending !== "") rows.push({ plain: fitWidth(`${linePrefix}${pending}`, columns - 1) });
    if (activity !== undefined) {
      const frame = frameAt(performance.now());
      const head = facts.map((fact) => `${fact} · `).join("");
      const plain = fitWidth(`${frame} ${head}${activity}`, columns - 1);
      const shown = `${colors.cyan(frame)}${colors.dim(plain.slice(1, head.length + 2))}${plain.slice(head.length + 2)}`;
      rows.push({ plain, shown });
    }
    this.#live.draw(rows);
  }
}
