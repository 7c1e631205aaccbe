import { join } from "node:path";
import { announceRun } from "../run/announce-run.ts";
import { createPrinter } from "../run/create-printer.ts";
import { directoryOf } from "../run/directory-of.ts";
import { prepareHost } from "../run/prepare-host.ts";
import { prepareRun } from "../run/prepare-run.ts";
import { terminalQuestions } from "../run/run-questions.ts";
import type { StartRunInput } from "../run/start-run.ts";
import { recordAnswers } from "./recorded-answers.ts";
import { startRunnerProcess } from "./runner-process.ts";

/** A run that a process of its own carries. */
export interface DetachedRun {
  readonly runId: string;
  readonly runDirectory: string;
  /** The real path that the files go to. */
  readonly outputDirectory: string;
  /** The process that carries the run. */
  readonly pid: number;
}

/**
 * Starts a run that outlives this process and its terminal. Everything is checked and asked here, so that it throws what `run`
 * would throw, and leaves nothing then. Resolves once the run has begun: its directory and its record exist, and it may be
 * followed by its id. Notes and warnings go to the terminal's stderr.
 */
export async function startDetached(input: StartRunInput): Promise<DetachedRun> {
  const { options, terminal } = input;
  const directory = directoryOf(options.directory, terminal);
  const printer = createPrinter(terminal, { ...options, directory });
  const { yes, noInput, json } = options;
  const asking = terminalQuestions(terminal, { yes, noInput, json, beforeAsking: () => printer.hush() });
  const { questions, answers } = recordAnswers(asking);
  try {
    const prepared = await prepareRun(input, { printer, questions });
    const { plan, outputDirectory, jsonSchema } = prepared;
    for (const warning of plan.warnings) printer.warn(warning);
    await prepareHost(plan.setUp, { printer, consent: (question) => questions.consent(question) });
    announceRun(prepared, input);
    const { runId, spec } = plan;
    const pid = await startRunnerProcess(
      { input: answeredInput(input, prepared), cwd: terminal.cwd, runId, answers, jsonSchema },
      terminal,
    );
    return { runId, runDirectory: join(spec.home, "runs", runId), outputDirectory, pid };
  } finally {
    printer.hush();
  }
}

/** The input with what was read and answered in place of where it came from. */
function answeredInput(
  { terminal: _, options, ...input }: StartRunInput,
  { prompt, agents }: { readonly prompt: string; readonly agents: readonly string[] },
): Omit<StartRunInput, "terminal"> {
  const { prompt: _prompt, promptFile: _promptFile, choose: _choose, detach: _detach, ...others } = options;
  const agent = [...(options.agent ?? []), ...agents];
  return { ...input, argument: prompt, options: agent.length === 0 ? others : { ...others, agent } };
}
