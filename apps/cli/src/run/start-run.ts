import type { RunOptions } from "../config/run-options.ts";
import { describePlan, printPlan } from "../print/print-plan.ts";
import type { Terminal } from "../terminal.ts";
import { announceRun } from "./announce-run.ts";
import { carryRun } from "./carry-run.ts";
import { createPrinter } from "./create-printer.ts";
import { directoryOf } from "./directory-of.ts";
import { prepareRun } from "./prepare-run.ts";
import { terminalQuestions } from "./run-questions.ts";

export interface StartRunInput {
  readonly argument: string | undefined;
  readonly options: RunOptions;
  readonly extraArgs: readonly string[];
  readonly terminal: Terminal;
  /** The id of the run that this one continues. */
  readonly continues?: string;
}

/** `glovebox run`, from its options to its exit code. */
export async function startRun(input: StartRunInput): Promise<number> {
  const { options, terminal } = input;
  if (options.detach && !options.dryRun) {
    const { runDetached } = await import("../runner/run-detached.ts");
    return await runDetached(input);
  }
  const printer = createPrinter(terminal, { ...options, directory: directoryOf(options.directory, terminal) });
  const { yes, noInput, json } = options;
  const questions = terminalQuestions(terminal, { yes, noInput, json, beforeAsking: () => printer.hush() });
  const prepared = await prepareRun(input, { printer, questions });
  const { plan, outputDirectory } = prepared;
  if (options.dryRun) {
    for (const warning of plan.warnings) printer.warn(warning);
    const shown = { ...plan, spec: { ...plan.spec, outputDirectory } };
    if (json) terminal.stdout.json(describePlan(shown));
    else printPlan(shown, terminal.stdout, options.verbose);
    return 0;
  }
  announceRun(prepared, input);
  return (await carryRun(prepared, { printer, questions, terminal })).exitCode;
}
