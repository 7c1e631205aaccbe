import { DirectoryLock } from "../../state/directory-lock.ts";
import { Journal, journalFile, readLastEvent } from "../journal/journal.ts";
import { Redactor } from "../journal/redactor.ts";
import type { RunResult } from "../run-result.ts";
import { hasDraft, readOutcome, writeResult } from "./run-record.ts";

/**
 * Finishes the record of a run whose process died after it had recorded what the run came to: the draft becomes the
 * result, and the journal gets its last event. What a living process holds is left alone. Resolves nothing at the provider:
 * a sandbox that may be left is still called left.
 */
export function finishRecord(runDirectory: string): void {
  if (isFinished(runDirectory) || DirectoryLock.isHeld(runDirectory)) return;
  const lock = DirectoryLock.tryAcquire(runDirectory);
  if (lock === undefined) return;
  try {
    const outcome = readOutcome(runDirectory);
    if (outcome === undefined) return;
    // Also the result itself: a draft that it outlived goes with it.
    writeResult(runDirectory, outcome.result);
    endJournal(runDirectory, outcome.result, lock);
  } finally {
    lock.release();
  }
}

/** Also where nothing is recorded yet: then only the sandbox knows more. The journal is asked first: it is read fast. */
function isFinished(runDirectory: string): boolean {
  return hasEnded(runDirectory) ? !hasDraft(runDirectory) : readOutcome(runDirectory) === undefined;
}

/** Gives a journal without a last event its last event. */
export function endJournal(runDirectory: string, result: RunResult, lock: DirectoryLock): void {
  if (hasEnded(runDirectory)) return;
  const { runId, outcome, reason, exitCode, cleanup } = result;
  const journal = new Journal({ runDirectory, runId, lock, redactor: new Redactor([]) });
  journal.end({ type: "run.end", outcome, reason, exitCode, cleanup });
}

function hasEnded(runDirectory: string): boolean {
  return readLastEvent(journalFile(runDirectory))?.type === "run.end";
}
