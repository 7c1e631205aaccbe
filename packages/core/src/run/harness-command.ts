import { InvalidOptionsError } from "../errors/index.ts";
import type { HarnessCommand } from "../harness/harness.ts";
import { workspaceDir } from "../provider/sandbox.ts";
import type { RunSpec } from "./run-spec.ts";

/** How the harness is started. Throws `invalid-options` for what it cannot do. */
export function harnessCommand({ harness, task, components }: RunSpec): HarnessCommand {
  if (components === undefined) return harness.command({ ...task, workspaceDir });
  if (harness.components === undefined) {
    throw new InvalidOptionsError(`The harness ${harness.id} takes no components`);
  }
  return harness.components.command({ ...task, workspaceDir });
}
