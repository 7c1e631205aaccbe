import { join } from "node:path";
import type { RunEvent, RunResult } from "@glovebox/core";
import type { RunPlan } from "../plan/run-plan.ts";
import { runName } from "../runs/run-name.ts";
import type { Environment } from "../terminal.ts";
import { Notifier } from "./notifier.ts";
import { RunNotices } from "./run-notices.ts";

export interface StartedNotices {
  /** Hears an event of the run. */
  hear(event: RunEvent): void;
  /** Notifies about the end, and waits until everything was delivered or has failed: 20 seconds at most. */
  end(result: RunResult): Promise<void>;
}

/** Notifies about a run as its plan says; `undefined` where it notifies nobody. */
export function startNotices(
  { notify: settings, spec, runId }: RunPlan,
  options: { readonly env: Environment; readonly directory: string; readonly warn: (message: string) => void },
): StartedNotices | undefined {
  if (settings === undefined) return undefined;
  const notifier = new Notifier({ settings, ...options });
  const { home, labels, outputDirectory, maxCostUsd } = spec;
  const notices = new RunNotices({
    ...{ notifier, runId, labels, outputDirectory, maxCostUsd, atShare: settings.atShare },
    name: runName(join(home, "runs", runId)),
  });
  return {
    hear: (event) => notices.hear(event),
    end: async (result) => {
      notices.end(result);
      await notifier.flush();
    },
  };
}
