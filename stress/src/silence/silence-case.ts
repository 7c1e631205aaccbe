import type { RunPhase } from "@glovebox/core";

/** What falls silent. */
export const freezes = ["sandbox", "supervisor", "engine", "open connections"] as const;
/** How the run is to end then. */
export const stops = ["by itself", "time-out", "Ctrl-C", "two Ctrl-C", "stop", "stop --force"] as const;

const phases: readonly RunPhase[] = ["preparing", "creating", "uploading", "running", "collecting", "destroying"];

export interface SilenceCase {
  readonly freeze: (typeof freezes)[number];
  readonly phase: RunPhase;
  readonly stop: (typeof stops)[number];
}

/** Every freeze in every phase with every stop, as far as there is something to freeze. */
export function silenceCases(): readonly SilenceCase[] {
  return phases.flatMap((phase) =>
    freezes
      .filter((freeze) => hasSandbox(phase) || freeze === "engine" || freeze === "open connections")
      .flatMap((freeze) => stops.filter((stop) => ends(stop, phase)).map((stop) => ({ freeze, phase, stop }))),
  );
}

function hasSandbox(phase: RunPhase): boolean {
  return phase !== "preparing" && phase !== "creating";
}

/** A time-out is for what comes before the harness has ended. */
function ends(stop: SilenceCase["stop"], phase: RunPhase): boolean {
  return stop !== "time-out" || (phase !== "collecting" && phase !== "destroying");
}
