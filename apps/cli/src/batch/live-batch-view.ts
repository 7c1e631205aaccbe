import type { BatchEvent, BatchRow, RowState } from "@glovebox/batch";
import type { RunEvent } from "@glovebox/core";
import { formatDuration, safeLine } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { formatCost } from "../print/format-cost.ts";
import { fitWidth } from "../screen/fit-width.ts";
import { LiveRows } from "../screen/live-rows.ts";
import { frameAt, frameMs } from "../screen/spinner.ts";
import { attemptLine, isGood } from "./attempt-line.ts";
import type { BatchProgress, RunningRow } from "./batch-progress.ts";
import type { BatchView } from "./batch-view.ts";

interface LiveRow {
  readonly plain: string;
  readonly shown?: string;
}

const mostEnded = 3;
const mostRunning = 16;
/** Lines of a terminal that stay free for what came before. */
const spareLines = 4;

/** A part of the terminal of a fixed height: totals, what runs, and what ended last. */
export class LiveBatchView implements BatchView {
  readonly #output: Output;
  readonly #progress: BatchProgress;
  readonly #live: LiveRows;
  readonly #concurrency: number;
  readonly #startedAt = Date.now();
  readonly #timer: NodeJS.Timeout;

  constructor(output: Output, progress: BatchProgress, concurrency: number) {
    this.#output = output;
    this.#progress = progress;
    this.#concurrency = concurrency;
    this.#live = new LiveRows(output);
    this.#timer = setInterval(() => this.#draw(), frameMs * 2).unref();
  }

  onBatchEvent(event: BatchEvent, state: RowState | undefined): void {
    this.#progress.batchEvent(event, state);
  }

  onRunEvent(row: BatchRow, event: RunEvent): void {
    this.#progress.runEvent(row, event);
  }

  onRetry(row: BatchRow): void {
    this.#progress.wait(row);
  }

  onVerify(row: BatchRow): void {
    this.#progress.note(row, "verifying the result");
  }

  onWarning(message: string): void {
    this.#live.clear();
    this.#output.line(`${this.#output.colors.yellow("warning:")} ${safeLine(message, 500)}`);
    this.#draw();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#live.clear();
  }

  #draw(): void {
    const { columns } = this.#output;
    const room = Math.max(1, this.#output.rows - spareLines - mostEnded);
    const height = Math.min(this.#concurrency, this.#progress.total, mostRunning, room);
    const rows = [this.#totals(columns - 1), ...this.#running(height, columns - 1), ...this.#ended(columns - 1)];
    this.#live.draw(rows);
  }

  #totals(width: number): LiveRow {
    const { total, costUsd, remainingMs, running } = this.#progress;
    const { done, succeeded, failed, retrying } = this.#progress.counts;
    const facts = [
      `${done}/${total} rows`,
      `${succeeded} succeeded`,
      ...(failed === 0 ? [] : [`${failed} failed`]),
      `${running.size} running`,
      ...(retrying === 0 ? [] : [`${retrying} to retry`]),
      ...(costUsd === 0 ? [] : [formatCost(costUsd)]),
      seconds(Date.now() - this.#startedAt),
      ...(remainingMs === undefined || done === total ? [] : [`about ${seconds(remainingMs)} left`]),
    ];
    const frame = frameAt(performance.now());
    const text = fitWidth(`${frame} ${facts.join(" · ")}`, width);
    return {
      plain: text,
      shown: `${this.#output.colors.cyan(text.slice(0, 1))}${this.#output.colors.bold(text.slice(1))}`,
    };
  }

  /** The rows that run longest, in a fixed number of lines. */
  #running(height: number, width: number): LiveRow[] {
    const all = [...this.#progress.running.values()];
    const isCut = all.length > height;
    const shown = all.slice(0, isCut ? height - 1 : height);
    const idWidth = Math.min(24, Math.max(4, ...shown.map(({ row }) => row.id.length)));
    const lines = shown.map((one) => this.#runningLine(one, idWidth, width));
    if (isCut) lines.push({ plain: `  … and ${all.length - shown.length} more` });
    while (lines.length < height) lines.push({ plain: "" });
    return lines;
  }

  #runningLine({ row, attempt, startedAt, status }: RunningRow, idWidth: number, width: number): LiveRow {
    const again = attempt === 1 ? "" : ` (attempt ${attempt})`;
    const id = fitWidth(row.id, idWidth).padEnd(idWidth);
    const time = seconds(Date.now() - startedAt).padStart(7);
    const head = `  ${id} ${time}${again}  `;
    const plain = fitWidth(`${head}${status.activity ?? "starting"}`, width);
    return { plain, shown: `${this.#output.colors.dim(plain.slice(0, head.length))}${plain.slice(head.length)}` };
  }

  #ended(width: number): LiveRow[] {
    const { green, red } = this.#output.colors;
    const lines: LiveRow[] = this.#progress.lastEnded.slice(0, mostEnded).map((state) => {
      const mark = isGood(state) ? "✓" : "✗";
      const plain = fitWidth(`${mark} ${attemptLine(state)}`, width);
      return { plain, shown: `${isGood(state) ? green(mark) : red(mark)}${plain.slice(1)}` };
    });
    while (lines.length < mostEnded) lines.push({ plain: "" });
    return lines;
  }
}

function seconds(ms: number): string {
  return formatDuration(Math.floor(ms / 1000) * 1000).replace(/\.\d/, "");
}
