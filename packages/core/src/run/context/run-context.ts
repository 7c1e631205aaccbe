import { limitSettings } from "../../run-settings/limit-settings.ts";
import { EgressMonitor } from "../egress/egress-monitor.ts";
import type { ModelAccess } from "../egress/model-route.ts";
import { Spending } from "../egress/spending.ts";
import type { AnswerSchema } from "../harness/answer-schema.ts";
import type { RunCommand } from "../harness/harness-command.ts";
import type { RunSpec } from "../run-spec.ts";
import type { OpenedRun } from "../state/open-run.ts";
import type { CancellationController } from "../stop/cancellation-controller.ts";
import { runTimeoutMs } from "../stop/run-timeout.ts";
import { Watchdog } from "../stop/watchdog.ts";
import { RunReporter } from "./run-reporter.ts";

/** A run that can start: everything is checked and its record is written. */
export interface RunStart extends OpenedRun {
  readonly spec: RunSpec;
  readonly runId: string;
  readonly runDirectory: string;
  readonly cancellation: CancellationController;
  readonly model: ModelAccess;
  readonly command: RunCommand;
  /** What the answer has to match; `undefined` if the task has no schema. */
  readonly answer: AnswerSchema | undefined;
}

/** What the stages of a run share. None of them passes a result through it. */
export interface RunContext extends RunStart {
  readonly reporter: RunReporter;
  /** What the run has spent so far. */
  readonly spending: Spending;
  /** What the sandbox's traffic shows. */
  readonly monitor: EgressMonitor;
  readonly watchdog: Watchdog;
  readonly leaseMs: number;
}

const shortestLeaseMs = 10_000;

/** Starts the watchdog: the run's time is counted from here. */
export function createRunContext(start: RunStart): RunContext {
  const { spec, cancellation, journal } = start;
  const spending = new Spending();
  const egressStop = new AbortController();
  const reporter = new RunReporter({
    journal,
    onEvent: (event) => {
      if (event.type === "usage") spending.add(event);
    },
    // Without a journal nobody could tell what the sandbox sent where.
    onBroken: (error) => {
      egressStop.abort();
      cancellation.stop({ kind: "failed", error });
    },
  });
  const watchdog = new Watchdog({
    cancellation,
    timeoutMs: runTimeoutMs(spec),
    idleTimeoutMs: spec.idleTimeoutMs ?? limitSettings.idleTimeout.default,
    emit: (event) => reporter.emit(event),
  });
  return {
    ...start,
    reporter,
    spending,
    monitor: new EgressMonitor({ reporter, spending, watchdog, cancellation, stop: egressStop.signal }),
    watchdog,
    leaseMs: Math.max(spec.leaseMs ?? limitSettings.lease.default, shortestLeaseMs),
  };
}
