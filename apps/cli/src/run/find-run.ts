import type { RunStore, RunSummary } from "@glovebox/core";
import { SandboxNotFoundError } from "@glovebox/core/provider";

/** The run that a person means: by its reference, or this folder's newest, one that still goes on first. */
export async function findRun(store: RunStore, reference: string | undefined, directory: string): Promise<RunSummary> {
  if (reference !== undefined) return await store.get(reference);
  const here = (await store.list()).filter((run) => belongs(run, directory));
  const found = here.find((run) => run.isAlive) ?? here[0];
  if (found !== undefined) return found;
  throw new SandboxNotFoundError("No run was started in this folder", {
    hint: "Name one: `glovebox ps` lists them, and 1 is the newest.",
  });
}

/** Whether the run brought its files below the folder, or took its workspace from there. */
function belongs(run: RunSummary, directory: string): boolean {
  return run.workspace === directory || run.outputDir === directory || run.outputDir.startsWith(`${directory}/`);
}
