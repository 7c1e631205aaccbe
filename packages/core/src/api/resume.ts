import { resolve } from "node:path";
import type { Run } from "../run/run-handle.ts";
import type { RunOptions } from "../run/start-run.ts";
import { stateDirectory } from "../state/state-directory.ts";
import { earlierWorkspace } from "./earlier-workspace.ts";
import type { ResumeInput } from "./resume-input.ts";
import { run } from "./run.ts";

/**
 * Continues an earlier run with a further prompt, its files and its conversation: in the sandbox that it kept if this run requires the
 * same of one, or in a new one, on any provider. The workspace is by default that of the earlier run. It is a run of its own,
 * which `run({ continues: runId })` would start too.
 *
 *     const { result } = resume(earlier.runId, { prompt: "Now add a test", provider, harness });
 *
 * Throws as `run` does, and `invalid-options` for a run that has not ended or whose conversation was not kept.
 */
export function resume(runId: string, input: ResumeInput, options: RunOptions = {}): Run {
  const home = resolve(input.home ?? stateDirectory());
  return run({ ...earlierWorkspace(home, runId), ...input, home, continues: runId }, options);
}
