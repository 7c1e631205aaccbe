import type { RunEvent, RunResult } from "@glovebox/core";
import type { Output } from "../output.ts";
import type { RunPrinter } from "./run-printer.ts";
import { shownMessage } from "./shown-message.ts";

/** Prints events to stdout, one per line, and nothing else. Messages for the user go to stderr. */
export class JsonPrinter implements RunPrinter {
  readonly #stdout: Output;
  readonly #stderr: Output;
  #hasEnded = false;

  constructor(options: { readonly stdout: Output; readonly stderr: Output }) {
    this.#stdout = options.stdout;
    this.#stderr = options.stderr;
  }

  note(): void {}

  warn(message: string): void {
    this.#stderr.line(`warning: ${shownMessage(message)}`);
  }

  event(event: RunEvent): void {
    this.#hasEnded ||= event.type === "run.end";
    this.#stdout.json(event);
  }

  hush(): void {}

  hideCost(): void {}

  /** A journal that could not be written has no last event, which would say what the run came to. */
  end(result: RunResult): void {
    if (!this.#hasEnded) this.#stderr.line(`error: ${shownMessage(result.reason)}`);
  }
}
