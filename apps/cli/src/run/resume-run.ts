import { createRunStore } from "@glovebox/core";
import { stateDirectory } from "@glovebox/core/state";
import { recoverDeadRun } from "../runs/recover-dead-run.ts";
import { directoryOf } from "./directory-of.ts";
import { earlierOptions } from "./earlier-options.ts";
import { findRun } from "./find-run.ts";
import { type ResumeWords, readResumeWords } from "./resume-words.ts";
import { type StartRunInput, startRun } from "./start-run.ts";

/** `glovebox resume`, from its words and options to its exit code. */
export async function resumeRun(words: ResumeWords, input: Omit<StartRunInput, "argument">): Promise<number> {
  const { options, terminal } = input;
  const { reference, prompt } = readResumeWords(words, options);
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
