import { checkOutputDirectory } from "../../files/collect/output-directory.ts";
import { defaultIgnores } from "../../files/ignore/default-ignores.ts";
import { createIgnoreFilter } from "../../files/ignore/ignore-filter.ts";
import { checkRepository } from "../../host-git/check-repository.ts";
import type { RunSpec } from "../run-spec.ts";

/**
 * Throws `invalid-options` for an output that a run must not write to, and for a workspace in which git would not come to
 * an end. Makes nothing. Resolves to the real path that the files go to.
 */
export async function checkDirectories(
  spec: Pick<RunSpec, "outputDirectory" | "workspace" | "home" | "overwrite" | "ignore">,
  runId: string,
  signal?: AbortSignal,
): Promise<{ readonly outputDirectory: string }> {
  const { outputDirectory, workspace, home, overwrite, ignore = defaultIgnores } = spec;
  const { ignores } = createIgnoreFilter(ignore);
  const real = await checkOutputDirectory({ outputDirectory, workspace, home, runId, overwrite, ignores });
  if (workspace !== undefined) await checkRepository(workspace, { workTree: true, signal });
  return { outputDirectory: real };
}
