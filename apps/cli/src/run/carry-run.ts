import type { RunResult } from "@glovebox/core";
import { publishPorts } from "../inside/published-ports.ts";
import { startNotices } from "../notify/start-notices.ts";
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
  const notices = startNotices(plan, {
    ...{ env: terminal.env, directory: terminal.cwd },
    warn: (message) => printer.warn(message),
  });
  const result = await driveRun(plan, {
    ...{ ...drive, printer },
    consent: (question) => questions.consent(question),
    onEvent: (event) => {
      published.hear(event);
      notices?.hear(event);
    },
  });
  // The run is over, its files are here and its sandbox is gone: only this process still waits.
  await notices?.end(result);
  return result;
}
