import type { RunResult } from "@glovebox/core";
import { publishPorts } from "../inside/published-ports.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import type { Terminal } from "../terminal.ts";
import { type DriveRunOptions, driveRun } from "./drive-run.ts";
import type { PreparedRun } from "./prepare-run.ts";
import type { RunQuestions } from "./run-questions.ts";

interface CarryRunOptions extends Pick<DriveRunOptions, "onBegin" | "signal" | "stopSignals"> {
  readonly printer: RunPrinter;
  readonly questions: RunQuestions;
  readonly terminal: Terminal;
}

/** Takes a prepared run to its end, with all that accompanies it in the process that carries it. */
export async function carryRun({ plan, ports }: PreparedRun, options: CarryRunOptions): Promise<RunResult> {
  const { printer, questions, terminal, ...drive } = options;
  await using published = publishPorts({ ports, provider: plan.spec.provider, printer, terminal });
  return await driveRun(plan, {
    ...{ ...drive, printer },
    consent: (question) => questions.consent(question),
    onEvent: (event) => published.hear(event),
  });
}
