import type { Run } from "../run/run-handle.ts";
import { type RunOptions, startRun } from "../run/start-run.ts";
import { newRunId } from "../run/state/run-id.ts";
import { stateDirectory } from "../state/state-directory.ts";
import { completeRun } from "./complete-run.ts";
import type { RunInput } from "./run-input.ts";
import type { RunSpecInput } from "./run-spec-input.ts";

/**
 * Runs a harness with a prompt in a sandbox: prepares the template, creates the sandbox, uploads the workspace, drives the
 * harness, brings the files back and destroys the sandbox. Starts at once.
 *
 *     const { result } = run({ prompt: "Write a haiku into haiku.txt", provider, harness });
 *     console.log(await result);
 *
 * A run never rejects for what happens in it: `result` says what came of it. Throws `authentication` when the environment
 * has no credential, and `invalid-options` for options that the harness or the provider cannot use.
 *
 * A `RunSpec`, which names everything, takes nothing from the environment or the current directory; only its `home` has a default.
 */
export function run(input: RunInput | RunSpecInput, options: RunOptions = {}): Run {
  const { runId = newRunId() } = options;
  const spec =
    "prompt" in input
      ? completeRun(input, { runId, env: process.env, cwd: process.cwd() })
      : { ...input, home: input.home ?? stateDirectory() };
  return startRun(spec, { ...options, runId });
}
