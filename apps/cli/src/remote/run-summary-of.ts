import type { Run } from "@glovebox/client";
import { dropUndefined } from "@glovebox/core/provider";
import type { ListedRun } from "../runs/runs.ts";
import type { RunMirror } from "./run-mirror.ts";

/** A run of a server as commands list it. */
export function runSummaryOf(run: Run, mirror: RunMirror): ListedRun {
  const { id, state, phase, outcome, createdAt, startedAt, stalledSince, promptPreview, harness, provider, labels } =
    run;
  const runDirectory = mirror.runDirectory(id);
  const record = mirror.record(id);
  const { reason, continues, sandboxId, durationMs, exitCode, costUsd, tokens, interactive } = run;
  return {
    ...{ runId: id, runDirectory, promptPreview, labels, interactive },
    startedAt: new Date(startedAt ?? createdAt),
    phase: state === "ended" ? "ended" : (phase ?? "preparing"),
    isAlive: state !== "ended",
    isLeftBehind: false,
    hasBegun: startedAt !== undefined,
    providerId: provider,
    harnessId: harness,
    outputDirectory: record?.outputDirectory ?? `${runDirectory}/files`,
    ...dropUndefined({
      outcome,
      reason,
      continues,
      sandboxId,
      durationMs,
      exitCode,
      costUsd,
      tokens,
    }),
    ...dropUndefined({ workspace: record?.workspace, queuePlace: run.place }),
    ...(stalledSince === undefined ? {} : { stalledSince: new Date(stalledSince) }),
  };
}
