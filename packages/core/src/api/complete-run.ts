import { resolve } from "node:path";
import type { RunSpec } from "../run/run-spec.ts";
import { stateDirectory } from "../state/state-directory.ts";
import { environmentCredential } from "./environment-credential.ts";
import type { RunInput } from "./run-input.ts";

interface Surroundings {
  readonly runId: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Returns the run with what its input left out. */
export function completeRun(input: RunInput, { runId, env, cwd }: Surroundings): RunSpec {
  const { prompt, task, ...settings } = input;
  return {
    ...settings,
    task: { ...task, prompt },
    credential: settings.credential ?? environmentCredential(settings.harness, env),
    outputDirectory: resolve(cwd, settings.outputDirectory ?? `sandbox-${runId}`),
    home: resolve(cwd, settings.home ?? stateDirectory(env)),
  };
}
