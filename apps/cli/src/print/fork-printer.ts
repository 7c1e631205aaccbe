import { join } from "node:path";
import type { Run, RunEvent, RunResult } from "@glovebox/core";
import { SandboxError } from "@glovebox/core/provider";
import { formatDuration, safeName } from "@glovebox/core/text";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import { formatCost } from "./format-cost.ts";
import { shown } from "./print-summary.ts";
import { shownMessage } from "./shown-message.ts";

export interface ForkPrinterOptions {
  readonly terminal: Terminal;
  /** The current directory. */
  readonly directory: string;
  /** The state directory. */
  readonly home: string;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** Shows runs that run at the same time: a line when something of one is worth it, and a table of what came of them. */
export class ForkPrinter {
  readonly #options: ForkPrinterOptions;
  readonly #followed: Promise<void>[] = [];

  constructor(options: ForkPrinterOptions) {
    this.#options = options;
  }

  note(message: string): void {
    const { json, quiet, terminal } = this.#options;
    if (!json && !quiet) terminal.stderr.line(terminal.stderr.colors.dim(shownMessage(message)));
  }

  warn(message: string): void {
    const { stderr } = this.#options.terminal;
    stderr.line(`${stderr.colors.yellow("warning:")} ${shownMessage(message)}`);
  }

  follow(run: Pick<Run, "id"> & AsyncIterable<RunEvent>): void {
    this.#followed.push(this.#follow(run));
  }

  /** Resolves once all events of the runs are printed. */
  async followed(): Promise<void> {
    await Promise.all(this.#followed);
  }

  /** Prints what came of the runs, once all of their events are printed. */
  async end(results: readonly PromiseSettledResult<RunResult>[]): Promise<void> {
    await this.followed();
    const { json, quiet, directory, terminal } = this.#options;
    for (const result of results) if (result.status === "rejected") this.#error(result.reason);
    if (json) return;
    const ended = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    if (quiet) {
      for (const { files } of ended)
        if (files !== undefined) terminal.stdout.line(safeName(shown(files.directory, directory)));
      return;
    }
    const rows = ended.map((result) => [
      this.#nameOf(result.runId),
      result.outcome,
      result.costUsd === undefined ? "" : formatCost(result.costUsd),
      formatDuration(result.durationMs),
      String(
        result.files?.manifest.filter(({ kind, change }) => kind !== "directory" && change !== "unchanged").length ??
          "",
      ),
      result.files === undefined ? "" : safeName(shown(result.files.directory, directory)),
    ]);
    if (rows.length === 0) return;
    terminal.stdout.line();
    terminal.stdout.table(["RUN", "OUTCOME", "COST", "TIME", "CHANGES", "FILES"], rows);
  }

  async #follow(run: Pick<Run, "id"> & AsyncIterable<RunEvent>): Promise<void> {
    try {
      for await (const event of run) this.#event(event);
    } catch (error) {
      // What cannot be shown must not end the run.
      this.warn(`The events of ${run.id} cannot be read: ${(error as Error).message}`);
    }
  }

  #event(event: RunEvent): void {
    const { json, quiet, terminal } = this.#options;
    if (json) {
      terminal.stdout.json(event);
      return;
    }
    const { stderr } = terminal;
    const name = this.#nameOf(event.runId);
    if (event.type === "warning") this.warn(`${name}: ${event.message}`);
    if (event.type === "run.end" && event.outcome !== "succeeded") {
      stderr.line(`${stderr.colors.red("error:")} ${name}: ${shownMessage(event.reason)}`);
    }
    if (quiet) return;
    if (event.type === "run.state" && event.to === "running") stderr.line(`${name} has started`);
    if (event.type === "run.end" && event.outcome === "succeeded")
      stderr.line(`${stderr.colors.green("✓")} ${name} is done`);
  }

  #error(error: unknown): void {
    const { stderr } = this.#options.terminal;
    stderr.line(`${stderr.colors.red("error:")} ${shownMessage((error as Error).message)}`);
    const hint = SandboxError.isInstance(error) ? error.hint : undefined;
    if (hint !== undefined) stderr.line(`${stderr.colors.cyan("hint:")} ${shownMessage(hint)}`);
  }

  #nameOf(runId: string): string {
    return runName(join(this.#options.home, "runs", runId));
  }
}
