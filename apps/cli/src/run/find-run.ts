import type { RunSummary } from "@glovebox/core";
import { SandboxNotFoundError } from "@glovebox/core/provider";

/** Finds a run by its reference; without one, the newest of this directory, a running (or otherwise preferred) one first. */
export async function findRun<T extends RunSummary>(
  runs: { get(reference: string): Promise<T>; list(): Promise<readonly T[]> },
  reference: string | undefined,
  directory: string,
  isPreferred: (run: RunSummary) => boolean = (run) => run.isAlive,
): Promise<T> {
  if (reference !== undefined) return await runs.get(reference);
  const here = (await runs.list()).filter((run) => belongsTo(run, directory));
  const found = here.find(isPreferred) ?? here[0];
  if (found !== undefined) return found;
  throw new SandboxNotFoundError("No run was started in this directory", {
    hint: "Name one: `glovebox ps` lists them, and 1 is the newest.",
  });
}

/** Whether the run brought its files below the directory, or took its workspace from there or from a directory above. */
export function belongsTo(run: RunSummary, directory: string): boolean {
  return (
    run.workspace === directory ||
    directory.startsWith(`${run.workspace}/`) ||
    run.outputDirectory === directory ||
    run.outputDirectory.startsWith(`${directory}/`)
  );
}
