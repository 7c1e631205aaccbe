import type { BatchEvent, BatchRow, RowState } from "@glovebox/batch";
import { formatDuration, safeLine } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { attemptLine, isGood } from "./attempt-line.ts";
import type { BatchProgress } from "./batch-progress.ts";
import type { BatchView } from "./batch-view.ts";

/** A line for the start and the end of each row: for a file, a pipe, or the log of a CI. */
export class LineBatchView implements BatchView {
  readonly #output: Output;
  readonly #progress: BatchProgress;

  constructor(output: Output, progress: BatchProgress) {
    this.#output = output;
    this.#progress = progress;
  }

  onBatchEvent(event: BatchEvent, state: RowState | undefined): void {
    this.#progress.batchEvent(event, state);
    if (state === undefined) return;
    const { green, red } = this.#output.colors;
    if (event.type === "row.started") {
      const again = event.attempt === 1 ? "" : ` (attempt ${event.attempt})`;
      this.#output.line(`▸ ${state.row.id}${again} started: ${safeLine(state.row.prompt, 80)}`);
    } else if (event.type === "row.ended") {
      const { done } = this.#progress.counts;
      const mark = isGood(state) ? green("✓") : red("✗");
      this.#output.line(`${mark} ${attemptLine(state)} [${done}/${this.#progress.total}]`);
    }
  }

  onRetry(row: BatchRow, delayMs: number): void {
    this.#output.line(`… ${row.id} is retried in ${formatDuration(delayMs)}`);
  }

  onVerify(row: BatchRow): void {
    this.#output.line(`… ${row.id} is verified`);
  }

  onWarning(message: string): void {
    this.#output.line(`${this.#output.colors.yellow("warning:")} ${safeLine(message, 500)}`);
  }

  stop(): void {}
}
