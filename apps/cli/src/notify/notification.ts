import type { RunOutcome, RunResult } from "@glovebox/core";

/** Why somebody is notified about a run. */
export type NotificationType = "run.ended" | "run.stalled" | "run.budget";

/** What a command gets on standard input, and a webhook as its body. Holds no secret that Glovebox knows. */
export interface Notification {
  readonly v: 1;
  /** Stays the same when it is sent again. */
  readonly id: string;
  readonly type: NotificationType;
  /** ISO 8601. */
  readonly time: string;
  /** One line for people, which chat services show as it is. */
  readonly text: string;
  readonly runId: string;
  /** As `glovebox ps` calls it. */
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly outputDirectory: string;
  /** In US dollars, so far or in all; absent when nobody knows. */
  readonly costUsd?: number;
  readonly maxCostUsd?: number;
  /** Of `run.ended`. */
  readonly outcome?: RunOutcome;
  readonly reason?: string;
  readonly exitCode?: number;
  readonly durationMs?: number;
  readonly tokens?: RunResult["tokens"];
  /** Of `run.stalled`: how long nothing had happened, and when the run is stopped for it. */
  readonly silentMs?: number;
  readonly stopsInMs?: number;
}
