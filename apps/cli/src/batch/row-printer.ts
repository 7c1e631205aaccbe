import type { RunPrinter } from "../print/run-printer.ts";

/** Takes what the plan of a row has to say: warnings are shown once for all rows. */
export class RowPrinter implements RunPrinter {
  readonly #onNote: (message: string) => void;
  readonly #onWarning: (message: string) => void;
  readonly #onHush: () => void;

  constructor(on: {
    readonly note?: (message: string) => void;
    readonly warning?: (message: string) => void;
    readonly hush?: () => void;
  }) {
    this.#onNote = on.note ?? (() => {});
    this.#onWarning = on.warning ?? (() => {});
    this.#onHush = on.hush ?? (() => {});
  }

  note(message: string): void {
    this.#onNote(message);
  }

  warn(message: string): void {
    this.#onWarning(message);
  }

  hush(): void {
    this.#onHush();
  }

  event(): void {}
  hideCost(): void {}
  end(): void {}
}
