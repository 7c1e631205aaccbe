import { createRunStore } from "@glovebox/core";
import { stateDirectory } from "@glovebox/core/state";
import type { RunOptions } from "../config/run-options.ts";
import { recoverDeadRun } from "../runs/recover-dead-run.ts";
import { directoryOf } from "./directory-of.ts";
import { earlierOptions } from "./earlier-options.ts";
import { findRun } from "./find-run.ts";
import { type StartRunInput, startRun } from "./start-run.ts";

type Words = readonly [first: string | undefined, second: string | undefined];

/** `glovebox resume`, from its words and options to its exit code. */
export async function resumeRun(words: Words, input: Omit<StartRunInput, "argument">): Promise<number> {
  const { options, terminal } = input;
  const { reference, prompt } = readWords(words, options);
  const store = createRunStore(stateDirectory(terminal.env));
  const found = await findRun(store, reference, directoryOf(options.directory, terminal));
  const run = await recoverDeadRun(store, found, terminal);
  return await startRun({
    ...input,
    argument: prompt,
    options: earlierOptions(run, options),
    continues: run.runId,
  });
}

/** One word is the prompt, unless the prompt is elsewhere or it can only be a run. */
function readWords([first, second]: Words, options: RunOptions) {
  if (second !== undefined) return { reference: first, prompt: second };
  const isElsewhere = options.prompt !== undefined || options.promptFile !== undefined;
  const isReference = first !== undefined && /^(\d{1,4}|\d{8}-\d{6}-[a-z0-9]{6})$/.test(first);
  return isElsewhere || isReference ? { reference: first, prompt: undefined } : { reference: undefined, prompt: first };
}
