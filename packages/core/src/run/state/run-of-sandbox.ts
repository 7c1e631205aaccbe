import { join } from "node:path";
import { journalFile, readEvents } from "../journal/journal.ts";
import { runNames } from "./run-names.ts";
import { readRecord } from "./run-record.ts";

interface Claim {
  readonly runId: string;
  /** Absent where only the journal of the run could be read. */
  readonly fromRunId?: string;
}

/**
 * The run that a sandbox belongs to: the one that it was created for, which its label names, or the last that took it over.
 * Only what a run's record says counts, so that it is one run's at any moment.
 */
export function runOfSandbox(home: string, sandboxId: string, createdFor: string): string {
  const claims = runNames(home).flatMap((runId) =>
    claimOf(join(home, "runs", runId), { sandboxId, runId, createdFor }),
  );
  const last = claims.find(({ runId }) => !claims.some(({ fromRunId }) => fromRunId === runId));
  return last?.runId ?? createdFor;
}

function claimOf(
  runDirectory: string,
  { sandboxId, runId, createdFor }: { sandboxId: string; runId: string; createdFor: string },
): Claim[] {
  try {
    const takenOver = readRecord(runDirectory)?.takenOver;
    return takenOver?.sandboxId === sandboxId ? [{ runId, fromRunId: takenOver.fromRunId }] : [];
  } catch {
    // Damaged: the journal also says which sandbox it worked in.
    return runId !== createdFor && workedIn(runDirectory, sandboxId) ? [{ runId }] : [];
  }
}

function workedIn(runDirectory: string, sandboxId: string): boolean {
  let found = false;
  readEvents(journalFile(runDirectory), (event) => {
    found ||= event.type === "sandbox.created" && event.sandboxId === sandboxId;
  });
  return found;
}
