import { once } from "node:events";
import { join } from "node:path";
import { Writable } from "node:stream";
import { runRedactor } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { Output } from "../output.ts";
import { carryRun } from "../run/carry-run.ts";
import { prepareRun } from "../run/prepare-run.ts";
import type { Terminal } from "../terminal.ts";
import { LogPrinter } from "./log-printer.ts";
import { repeatAnswers } from "./recorded-answers.ts";
import { RunnerLog } from "./runner-log.ts";
import { type RunnerReport, type RunnerTask, reportOfError } from "./runner-message.ts";

/**
 * The work of a runner process: takes a task from the command that started it, and carries the run to its end. Without that
 * command the run does not begin; once it has begun, it needs it no more. SIGTERM stops the run in good order; the end of a
 * terminal has no effect.
 */
export async function carryDetached(terminal: Terminal): Promise<number> {
  const task = await receiveTask();
  const log = new RunnerLog();
  process.on("SIGHUP", () => {});
  process.on("uncaughtExceptionMonitor", (error) => log.write(`${error.stack ?? error.message}\n`));
  const isAlone = new AbortController();
  process.once("disconnect", () => isAlone.abort());
  const printer = new LogPrinter(new Output(log.stream(), {}));
  const inner = { ...terminal, cwd: task.cwd, stdout: nowhere(), stderr: new Output(log.stream(), {}) };
  let hasBegun = false;
  try {
    const questions = repeatAnswers(task.answers);
    const prepared = await prepareRun(
      { ...task.input, terminal: inner },
      { printer, questions, runId: task.runId, jsonSchema: task.jsonSchema },
    );
    const { spec, runId } = prepared.plan;
    const runDirectory = join(spec.home, "runs", runId);
    const onBegin = () => {
      hasBegun = true;
      log.open(runDirectory, runRedactor(spec));
      reportCrashesIn(runDirectory);
      // The user may remove the directory that the command was started in.
      process.chdir(spec.home);
      void report({ type: "begun", runDirectory });
    };
    const { exitCode } = await carryRun(prepared, {
      ...{ printer, questions, terminal: inner, onBegin, signal: isAlone.signal, stopSignals: ["SIGTERM", "SIGINT"] },
    });
    return exitCode;
  } catch (error) {
    if (hasBegun) throw error;
    await report({ type: "failed", error: reportOfError(error) });
    return 1;
  }
}

async function receiveTask(): Promise<RunnerTask> {
  if (process.connected !== true) throw new InvalidOptionsError("This command is for `glovebox run --detach` alone");
  const [task] = await once(process, "message");
  // The other side is this very program.
  return task as RunnerTask;
}

/** Reports once, and leaves the other process. It may have ended: then nobody reads it. */
async function report(message: RunnerReport): Promise<void> {
  if (process.connected !== true) return;
  await new Promise<void>((resolve) => process.send?.(message, undefined, {}, () => resolve()));
  if (process.connected) process.disconnect();
}

/** What ends the process without an exception, such as too little memory, is reported where the run is. */
function reportCrashesIn(runDirectory: string): void {
  Object.assign(process.report, {
    directory: runDirectory,
    filename: "runner-crash.json",
    reportOnFatalError: true,
    compact: true,
    excludeEnv: true,
    excludeNetwork: true,
  });
}

function nowhere(): Output {
  return new Output(new Writable({ write: (_chunk, _encoding, done) => done() }), {});
}
