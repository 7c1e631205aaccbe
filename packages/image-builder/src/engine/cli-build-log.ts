import type { PrepareProgress } from "@glovebox/core/provider";

const tailLines = 40;

/** Follows the output of `docker build` or `podman build`: reports steps and output, and remembers what failed. */
export class CliBuildLog {
  readonly #onProgress: ((progress: PrepareProgress) => void) | undefined;
  #step = "";
  #lines: string[] = [];
  #rest = "";

  constructor(onProgress: ((progress: PrepareProgress) => void) | undefined) {
    this.#onProgress = onProgress;
  }

  take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line.trimEnd());
  }

  /** The step that ran last and the end of its output. Empty where no step began. */
  failure(): string {
    this.take("\n");
    if (this.#step === "") return "";
    return [`step ${this.#step} failed:`, ...this.#lines].join("\n");
  }

  #line(line: string): void {
    // Podman, the classic builder, and BuildKit.
    const step = /^(?:(?:STEP|Step) |#\d+ \[(?:\S+ )?)(\d+)\/(\d+)(?: ?:|\]) (.*)/.exec(line);
    if (step !== null) {
      const [, number, total, message = ""] = step;
      this.#step = `[${number}/${total}] ${message}`;
      this.#lines = [];
      this.#onProgress?.({ message, done: Number(number) - 1, total: Number(total) });
    } else if (line !== "") {
      this.#lines = [...this.#lines, line].slice(-tailLines);
      this.#onProgress?.({ message: this.#step, output: line });
    }
  }
}
