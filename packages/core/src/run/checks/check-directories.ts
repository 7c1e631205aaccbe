import { checkOutputDirectory } from "../../files/collect/output-directory.ts";
import { defaultIgnores } from "../../files/ignore/default-ignores.ts";
import { createIgnoreFilter } from "../../files/ignore/ignore-filter.ts";
import { openDirectory } from "../../files/upload/open-directory.ts";
import { checkRepository } from "../../host-git/check-repository.ts";
import type { RunSpec } from "../run-spec.ts";

/**
 * Throws `invalid-options` for an output that a run must not write to, for a workspace or an added directory in which git
 * would not come to an end, and for one that cannot be added. Makes nothing. Resolves to the real path that the files go to.
 */
export async function checkDirectories(
  spec: Pick<RunSpec, "outputDirectory" | "workspace" | "addedDirectories" | "home" | "overwrite" | "ignore">,
  runId: string,
  signal?: AbortSignal,
): Promise<{ readonly outputDirectory: string }> {
  const { outputDirectory, workspace, home, overwrite, ignore = defaultIgnores } = spec;
  const { ignores } = createIgnoreFilter(ignore);
  const real = await checkOutputDirectory({ outputDirectory, workspace, home, runId, overwrite, ignores });
  if (workspace !== undefined) await checkRepository(workspace, { workTree: true, signal });
  for (const directory of spec.addedDirectories ?? []) {
    await checkRepository(await openDirectory(directory, "added directory"), { workTree: true, signal });
  }
  return { outputDirectory: real };
}
