import { join } from "node:path";
import { createRunStore, fork, type Run, type RunResult } from "@glovebox/core";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import type { RunOptions } from "../config/run-options.ts";
import { exitCodeForError, worstExitCode } from "../exit-codes.ts";
import { ForkPrinter } from "../print/fork-printer.ts";
import { describePlan, printPlan } from "../print/print-plan.ts";
import { createPrinter } from "./create-printer.ts";
import { directoryOf } from "./directory-of.ts";
import { earlierOptions } from "./earlier-options.ts";
import { findRun } from "./find-run.ts";
import { listenForInterrupts } from "./interrupts.ts";
import { type PreparedRun, prepareRun } from "./prepare-run.ts";
import { terminalQuestions } from "./run-questions.ts";
import type { StartRunInput } from "./start-run.ts";

/** What `glovebox fork` was started with. */
export interface ForkRunInput extends Omit<StartRunInput, "argument" | "continues"> {
  /** The run whose forks begin here. */
  readonly reference: string;
  /** None: the prompt is elsewhere. */
  readonly prompts: readonly string[];
  readonly count: number | undefined;
  readonly concurrency: number | undefined;
}

/** `glovebox fork`, from its words and options to its exit code. */
export async function forkRun(input: ForkRunInput): Promise<number> {
  const { options, terminal, prompts } = input;
  checkForkOptions(options, prompts);
  const directory = directoryOf(options.directory, terminal);
  const store = createRunStore(stateDirectory(terminal.env));
  const earlier = await findRun(store, input.reference, directory);
  const printer = createPrinter(terminal, { ...options, directory });
  const { yes, noInput, json } = options;
  const questions = terminalQuestions(terminal, { yes, noInput, json, beforeAsking: () => printer.hush() });
  const prepared = await prepareRun(
    { ...input, argument: prompts[0], options: earlierOptions(earlier, options) },
    { printer, questions },
  );
  const { plan } = prepared;
  if (options.dryRun) {
    if (json) terminal.stdout.json(describePlan(plan));
    else printPlan(plan, terminal.stdout, options.verbose);
    return 0;
  }
  for (const warning of plan.warnings) printer.warn(warning);
  return await driveForks(earlier.runId, prepared, {
    ...{ ...input, directory },
    setUp: async (signal) => {
      const onProgress = (message: string) => printer.note(message);
      await plan.setUp({ consent: (question) => questions.consent(question), onProgress, signal });
      printer.hush();
    },
  });
}

async function driveForks(
  runId: string,
  { plan, prompt }: PreparedRun,
  input: ForkRunInput & { readonly directory: string; readonly setUp: (signal: AbortSignal) => Promise<void> },
): Promise<number> {
  const { options, terminal, directory, count, concurrency } = input;
  const { task, outputDirectory, ...spec } = plan.spec;
  const { prompt: _, ...restOfTask } = task;
  const prompts = input.prompts.length > 1 ? input.prompts : prompt;
  const forks = new ForkPrinter({ terminal, directory, home: spec.home, json: options.json, quiet: options.quiet });
  const stop = new AbortController();
  const runs: Run[] = [];
  using _interrupts = listenForInterrupts({
    first: () => {
      forks.warn("Cancelling: the files are still brought back. Once more destroys the sandboxes at once.");
      stop.abort();
    },
    second: () => {
      forks.warn("Destroying the sandboxes at once.");
      for (const run of runs) run.abort();
    },
  });
  await input.setUp(stop.signal);
  const results = await fork(
    runId,
    {
      ...{ ...spec, task: restOfTask, prompt: prompts, ...dropUndefined({ count }) },
      // A directory of its own for each, in the one that was named, or in the current directory.
      outputDirectory: (id) =>
        options.output === undefined ? join(directory, `sandbox-${id}`) : join(outputDirectory, id),
    },
    {
      signal: stop.signal,
      onProgress: (message) => forks.note(message),
      onRun: (run) => {
        runs.push(run);
        forks.follow(run);
      },
      ...dropUndefined({ concurrency }),
    },
  );
  await forks.end(results);
  return worstExitCode(results.map(exitCodeOf));
}

function exitCodeOf(result: PromiseSettledResult<RunResult>): number {
  return result.status === "fulfilled" ? result.value.exitCode : exitCodeForError(result.reason);
}

export function checkForkOptions(options: RunOptions, prompts: readonly string[]): void {
  for (const name of ["detach", "publish"] as const) {
    if (options[name] === undefined || options[name] === false) continue;
    throw new InvalidOptionsError(`--${name} is for one run, and fork starts several`, {
      hint: "Leave it out, or use `glovebox resume`.",
    });
  }
  if (prompts.length < 2 || prompts.some((prompt) => /\s/.test(prompt.trim()))) return;
  throw new InvalidOptionsError(`Each prompt has to be one argument: there are ${prompts.length}, of one word each`, {
    hint: `Quote it: ${JSON.stringify(prompts.join(" "))}`,
  });
}
