import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { InvalidOptionsError, SandboxNotFoundError } from "../../errors/index.ts";
import { DirectoryLock } from "../../state/directory-lock.ts";
import { safeName } from "../../text/safe-name.ts";
import { journalFile, readEvents } from "../journal/journal.ts";
import type { RunResult } from "../run-result.ts";
import type { RunSpec } from "../run-spec.ts";
import { readOutcome, readRecord } from "../state/run-record.ts";
import { hasConversation, sessionArchive } from "./collect-session.ts";

/** What is left of a run that another one continues. */
export interface Continuation {
  readonly runDirectory: string;
  /** Absent while the run continues: then only a snapshot of its sandbox has its files and its conversation. */
  readonly result: RunResult | undefined;
  readonly sessionId: string;
  /** The conversation, as an archive of `sessionDirectory`. */
  readonly archive: string;
  readonly sessionDirectory: string;
}

/** Reads what the run of `continues` left; `undefined` without one. Throws where it cannot be continued. */
export function readContinuation({
  continues: runId,
  fork,
  home,
  harness,
}: Pick<RunSpec, "continues" | "fork" | "home" | "harness">): Continuation | undefined {
  if (runId === undefined) return undefined;
  const runDirectory = join(home, "runs", basename(runId));
  const record = readRecord(runDirectory);
  if (record === undefined) throw new SandboxNotFoundError(`There is no run ${runId}`);
  const result = readOutcome(runDirectory)?.result;
  // A run whose sandbox has a snapshot need not have ended.
  if (result === undefined && fork?.snapshot === undefined) throw notEnded(runId, runDirectory);
  if (record.harnessId !== harness.id) {
    throw new InvalidOptionsError(`The harness of ${runId} was ${safeName(record.harnessId)}, not ${harness.id}`);
  }
  if (harness.sessions === undefined) {
    throw new InvalidOptionsError(`The harness ${harness.id} cannot continue a conversation`);
  }
  const archive = sessionArchive(runDirectory);
  const sessionId = result?.sessionId ?? lastSessionId(runDirectory);
  if (sessionId === undefined || (result !== undefined && !hasConversation(runDirectory))) {
    throw new InvalidOptionsError(`The conversation of ${runId} was not kept, so the run cannot be continued`, {
      hint: whatIsLeft(result),
    });
  }
  const files = result?.files;
  if (files !== undefined && !existsSync(files.directory)) {
    throw new InvalidOptionsError(`The files of ${runId} are not in ${safeName(files.directory)} any more`);
  }
  return { runDirectory, result, sessionId, archive, sessionDirectory: harness.sessions.directory };
}

function whatIsLeft(result: RunResult | undefined): string {
  return result?.files === undefined
    ? "It brought nothing back. Start a new run."
    : `Start a new run with its files: glovebox run --workspace ${safeName(result.files.directory)} "…"`;
}

function notEnded(runId: string, runDirectory: string): InvalidOptionsError {
  if (DirectoryLock.isHeld(runDirectory)) {
    return new InvalidOptionsError(`The run ${runId} is still running`, {
      hint: `Wait for it (glovebox logs -f ${runId}) or stop it (glovebox stop ${runId}).`,
    });
  }
  return new InvalidOptionsError(`The process of ${runId} ended before the run did`, {
    hint: `Bring its files back first: glovebox reap ${runId}`,
  });
}

/** A harness that was stopped has named its session at its start. */
function lastSessionId(runDirectory: string): string | undefined {
  let sessionId: string | undefined;
  readEvents(journalFile(runDirectory), (event) => {
    if (event.type === "harness.session") sessionId = event.sessionId;
  });
  return sessionId;
}
