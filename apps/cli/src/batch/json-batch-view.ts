import type { BatchEvent } from "@glovebox/batch";
import { safeLine } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";
import type { BatchView } from "./batch-view.ts";

/** Prints each event of a batch's journal as a line of JSON. */
export class JsonBatchView implements BatchView {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  onBatchEvent(event: BatchEvent): void {
    this.#terminal.stdout.json(event);
  }

  onWarning(message: string): void {
    this.#terminal.stderr.line(`warning: ${safeLine(message, 500)}`);
  }

  stop(): void {}
}
