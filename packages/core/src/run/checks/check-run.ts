import { modelAccess } from "../egress/model-route.ts";
import { answerSchemaOf } from "../harness/answer-schema-of.ts";
import { harnessCommand } from "../harness/harness-command.ts";
import type { RunSpec } from "../run-spec.ts";
import { checkDirectories } from "./check-directories.ts";
import { checkMounts } from "./check-mounts.ts";

/**
 * Throws what `run` would throw for what the harness cannot be asked and for places that it must not use, and starts
 * nothing. Resolves to the real path that the files go to.
 */
export async function checkRun(spec: RunSpec, runId: string): Promise<{ readonly outputDirectory: string }> {
  modelAccess(spec);
  harnessCommand(spec, answerSchemaOf(spec));
  checkMounts(spec);
  return await checkDirectories(spec, runId);
}
