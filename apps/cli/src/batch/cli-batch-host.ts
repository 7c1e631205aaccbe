import type { AttemptPlace, BatchHost, BatchRow, PlannedRun, Verification } from "@glovebox/batch";
import { parseHostRule, type RunResult, run } from "@glovebox/core";
import { dropUndefined, type SandboxProvider } from "@glovebox/core/provider";
import { runSettings } from "@glovebox/core/run-settings";
import type { RunOptions } from "../config/run-options.ts";
import type { RunPlan } from "../plan/run-plan.ts";
import { openProvider } from "../run/open-provider.ts";
import { prepareHost } from "../run/prepare-host.ts";
import { prepareRun } from "../run/prepare-run.ts";
import type { RunQuestions } from "../run/run-questions.ts";
import type { Terminal } from "../terminal.ts";
import { verifyRow } from "../verify/verify-row.ts";
import type { BatchSettings } from "./batch-settings.ts";
import { rowOptions } from "./row-options.ts";
import { RowPrinter } from "./row-printer.ts";

/** What the host of a batch works with. */
export interface CliBatchHostOptions {
  readonly settings: Pick<BatchSettings, "shared" | "extraArgs" | "jsonSchema">;
  /** The directory that the batch was started in. */
  readonly directory: string;
  readonly terminal: Terminal;
  readonly questions: RunQuestions;
  readonly printer?: RowPrinter;
}

/** Plans the runs of a batch exactly as `glovebox run` does. */
export class CliBatchHost implements BatchHost {
  readonly #options: CliBatchHostOptions;
  readonly #terminal: Terminal;
  readonly #printer: RowPrinter;

  constructor(options: CliBatchHostOptions) {
    this.#options = options;
    this.#terminal = { ...options.terminal, cwd: options.directory };
    this.#printer = options.printer ?? new RowPrinter({});
  }

  async plan(row: BatchRow, place: AttemptPlace): Promise<PlannedRun> {
    const { spec, runId } = await this.prepare(row, place);
    return { runId, start: ({ signal, budget }) => run({ ...spec, ...dropUndefined({ budget }) }, { runId, signal }) };
  }

  /** The plan of a row, checked as far as that is possible without starting anything. */
  async prepare(row: BatchRow, { batchId, outputDirectory }: AttemptPlace): Promise<RunPlan> {
    const { settings, questions } = this.#options;
    // Found out before anything starts, and not once a result is to be verified.
    for (const host of row.verifyAllow ?? []) parseHostRule(host, "verifyAllow");
    const { plan } = await prepareRun(
      {
        argument: row.prompt,
        options: rowOptions(row, settings.shared, outputDirectory),
        extraArgs: settings.extraArgs,
        terminal: this.#terminal,
      },
      { printer: this.#printer, questions, jsonSchema: settings.jsonSchema },
    );
    const labels = { ...plan.spec.labels, "glovebox.batch": batchId, "glovebox.row": row.id };
    return { ...plan, spec: { ...plan.spec, labels } };
  }

  /** Makes this host ready for what a row starts from: a dev container is built here. */
  async prepareHost({ setUp }: RunPlan): Promise<void> {
    const { questions } = this.#options;
    await prepareHost(setUp, { printer: this.#printer, consent: (question) => questions.consent(question) });
  }

  async verify(row: BatchRow, result: RunResult, signal: AbortSignal): Promise<Verification> {
    const { shared } = this.#options.settings;
    return await verifyRow(row, {
      ...{ result, signal, terminal: this.#terminal, provider: await this.providerOf(row) },
      options: rowOptions(row, shared, ""),
    });
  }

  async providerOf(row: BatchRow): Promise<SandboxProvider> {
    const { shared } = this.#options.settings;
    const loaded = await openProvider(this.#terminal, { ...pluginFlagsOf(shared), provider: row.provider });
    await loaded.requireSetUp();
    return loaded.provider;
  }
}

/** What is left of the options without those of every run: the flags of plugins, such as `--runtime`. */
function pluginFlagsOf(shared: RunOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(shared).filter(([name]) => !(name in runSettings)));
}
