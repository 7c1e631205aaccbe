import type { RunResult } from "@glovebox/core";
import type { Output } from "../output.ts";
import type { RunPrinter } from "../print/run-printer.ts";

/** Prints what is not among the run's events, each line with its time: the journal has the others. */
export class LogPrinter implements RunPrinter {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  note(message: string): void {
    this.#output.line(`${new Date().toISOString()} ${message}`);
  }

  warn(message: string): void {
    this.note(`warning: ${message}`);
  }

  end({ outcome, exitCode }: RunResult): void {
    this.note(`The run ended: ${outcome}, exit code ${exitCode}`);
  }

  event(): void {}
  hideCost(): void {}
  hush(): void {}
}
