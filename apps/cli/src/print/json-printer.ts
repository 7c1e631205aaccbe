import type { RunEvent } from "@glovebox/core";
import type { Output } from "../output.ts";
import type { RunPrinter } from "./run-printer.ts";
import { shownMessage } from "./shown-message.ts";

/** Events on stdout, one a line, and nothing else there. What a person should know goes to stderr. */
export class JsonPrinter implements RunPrinter {
  readonly #stdout: Output;
  readonly #stderr: Output;

  constructor(options: { readonly stdout: Output; readonly stderr: Output }) {
    this.#stdout = options.stdout;
    this.#stderr = options.stderr;
  }

  note(): void {}

  warn(message: string): void {
    this.#stderr.line(`warning: ${shownMessage(message)}`);
  }

  event(event: RunEvent): void {
    this.#stdout.line(JSON.stringify(event));
  }

  hush(): void {}

  end(): void {}
}
