import { createPrinter } from "../run/create-printer.ts";
import { directoryOf } from "../run/directory-of.ts";
import { findRun } from "../run/find-run.ts";
import { type ResumeWords, readResumeWords } from "../run/resume-words.ts";
import type { StartRunInput } from "../run/start-run.ts";
import { driveRemoteRun } from "./drive-remote-run.ts";
import { prepareRemoteRun } from "./prepare-remote-run.ts";
import type { RemoteRuns } from "./remote-runs.ts";
import { choicesOf, refuseFixed } from "./request/continue-options.ts";
import type { MirrorRecord } from "./run-mirror.ts";

/** `glovebox resume` on a server, from its words and options to its exit code. */
export async function resumeOnServer(
  words: ResumeWords,
  input: Omit<StartRunInput, "argument">,
  runs: RemoteRuns,
): Promise<number> {
  const { options, terminal } = input;
  const { reference, prompt: argument } = readResumeWords(words, options);
  refuseFixed(options);
  const directory = directoryOf(options.directory, terminal);
  const earlier = await findRun(runs, reference, directory);
  const printer = createPrinter(terminal, { ...options, directory });
  const prepared = await prepareRemoteRun({ ...input, argument }, printer);
  const { prompt, settings } = prepared;
  const { workspace } = earlier;
  const recordOf = (runId: string): MirrorRecord => ({
    ...prepared.recordOf(runId),
    ...(workspace === undefined ? {} : { workspace }),
  });
  return await driveRemoteRun({
    ...{ runs, printer, input, recordOf },
    start: async () => {
      const run = await runs.server.resumeRun(earlier.runId, { prompt, ...choicesOf(settings) });
      runs.mirror.continue(run.id, earlier.runId, recordOf(run.id));
      return run;
    },
  });
}
