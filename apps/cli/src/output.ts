import type { Writable } from "node:stream";
import pc from "picocolors";

type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Where text for the person or program outside goes. A reader that went away is no failure: what follows is dropped. */
export class Output {
  readonly isTTY: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly #stream: Stream;
  readonly #gone = new AbortController();

  constructor(stream: Stream, env: Readonly<Record<string, string | undefined>>) {
    this.#stream = stream;
    this.isTTY = stream.isTTY === true;
    this.colors = pc.createColors(this.isTTY && !env.NO_COLOR && env.TERM !== "dumb");
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

  write(text: string): void {
    if (!this.#gone.signal.aborted && text !== "") this.#stream.write(text);
  }

  line(text = ""): void {
    this.write(`${text}\n`);
  }

  /** Resolves when everything written has left this process, or nobody wants it. */
  async flush(): Promise<void> {
    if (this.#gone.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#gone.signal.addEventListener("abort", () => resolve(), { once: true });
      this.#stream.write("", () => resolve());
    });
  }
}
