import type { RunEvent, RunPhase } from "@glovebox/core";

export interface PhaseSpan {
  readonly phase: RunPhase;
  readonly startedAt: string;
  /** Absent while the run is in it. */
  readonly endedAt?: string;
}

/** The phases of a run and how long each took. */
export class Phases {
  spans: readonly PhaseSpan[] = [];

  push(event: RunEvent): void {
    if (event.type !== "run.state") return;
    const closed = this.spans.map((span) => (span.endedAt === undefined ? { ...span, endedAt: event.time } : span));
    this.spans = event.to === "ended" ? closed : [...closed, { phase: event.to, startedAt: event.time }];
  }
}
