import { InvalidOptionsError } from "../../errors/index.ts";
import { noComponents } from "../../harness/component-set.ts";
import type { HarnessCommand } from "../../harness/harness.ts";
import { workspaceDir } from "../../provider/sandbox.ts";
import type { RunSpec } from "../run-spec.ts";

/** How the harness is started. Throws `invalid-options` for what it cannot do. */
export function harnessCommand({ harness, task, components }: RunSpec): HarnessCommand {
  if (harness.components !== undefined) {
    return harness.components.command({ ...task, workspaceDir }, components ?? { expected: noComponents });
  }
  if (components !== undefined) throw new InvalidOptionsError(`The harness ${harness.id} takes no components`);
  return harness.command({ ...task, workspaceDir });
}
