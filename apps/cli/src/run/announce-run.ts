import { join } from "node:path";
import { safeName } from "@glovebox/core/text";
import type { RunPlan } from "../plan/run-plan.ts";
import { componentLine } from "../print/component-line.ts";
import { printComponent } from "../print/print-component.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import type { PreparedRun } from "./prepare-run.ts";
import type { StartRunInput } from "./start-run.ts";

/** Says what goes into the sandbox, and what the run is called. */
export function announceRun({ plan, printer }: PreparedRun, { options, continues, terminal }: StartRunInput): void {
  if (!options.json && !options.quiet) printComponents(plan, terminal, options.verbose);
  const names = [plan.runId, ...(continues === undefined ? [] : [continues])];
  printer.note(`Run ${names.map((id) => runName(join(plan.spec.home, "runs", id))).join(" continues ")}`);
}

function printComponents({ components }: RunPlan, { stderr }: Terminal, verbose: boolean | undefined): void {
  for (const component of components) {
    // What there is to warn of is among the plan's own warnings.
    if (verbose) printComponent({ ...component, warnings: [] }, stderr, true);
    else stderr.line(`+ ${safeName(componentLine(component))}`);
  }
}
