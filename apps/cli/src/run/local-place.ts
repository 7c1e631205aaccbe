import { LocalRuns } from "../runs/local-runs.ts";
import type { Terminal } from "../terminal.ts";
import type { RunPlace } from "./run-place.ts";

/** This machine. What a command does not use is not loaded. */
export function localPlace(terminal: Terminal): RunPlace {
  return {
    runs: new LocalRuns(terminal),
    start: async (input) => {
      const { startRun } = await import("./start-run.ts");
      return await startRun(input);
    },
    resume: async (words, input) => {
      const { resumeRun } = await import("./resume-run.ts");
      return await resumeRun(words, input);
    },
    fork: async (input) => {
      const { forkRun } = await import("./fork-run.ts");
      return await forkRun(input);
    },
    attach: async (options) => {
      const { attachRun } = await import("../inside/attach/attach-run.ts");
      return await attachRun(options);
    },
    copy: async (request) => {
      const { copyRun } = await import("../inside/copy-inside.ts");
      return await copyRun(request);
    },
  };
}
