import { harnessCommand } from "./harness-command.ts";
import { modelAccess } from "./model-route.ts";
import type { RunSpec } from "./run-spec.ts";

/** Throws what `run` would throw for what the harness cannot be asked, and starts nothing. */
export function checkRun(spec: RunSpec): void {
  modelAccess(spec);
  harnessCommand(spec);
}
