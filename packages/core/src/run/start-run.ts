import { join } from "node:path";
import { ReadableStream } from "node:stream/web";
import { BoundedProvider } from "../bounds/bounded-provider.ts";
import { makeHostDirectorySync } from "../host-files/make-host-directory.ts";
import { stateDirectoryError } from "../state/state-directory-error.ts";
import { checkMounts } from "./checks/check-mounts.ts";
import { modelAccess } from "./egress/model-route.ts";
import { executeRun } from "./execute-run.ts";
import { answerSchemaOf } from "./harness/answer-schema-of.ts";
import { harnessCommand } from "./harness/harness-command.ts";
import { ChangeNotifier } from "./journal/change-notifier.ts";
import { followJournal } from "./journal/follow-journal.ts";
import type { Run } from "./run-handle.ts";
import type { RunSpec } from "./run-spec.ts";
import { openRun } from "./state/open-run.ts";
import { newRunId } from "./state/run-id.ts";
import { CancellationController } from "./stop/cancellation-controller.ts";
import { watchStopRequests } from "./stop/stop-request.ts";

/** Options of a run that are not part of its spec. */
export interface RunOptions {
  /** Aborting it is `cancel()`. */
  readonly signal?: AbortSignal;
  /** A new id by default. */
  readonly runId?: string;
}

/**
 * Runs a harness with a prompt in a sandbox: prepare, create, upload, run, collect, destroy. Starts at once. The run
 * itself never throws for what happens in it: `result` resolves to what came of it. Throws `invalid-options` when the
 * harness refuses the task or has no use for the credential, and when the state directory cannot be used.
 */
export function startRun(requested: RunSpec, options: RunOptions = {}): Run {
  const spec: RunSpec = { ...requested, provider: BoundedProvider.of(requested.provider) };
  const runId = options.runId ?? newRunId();
  const runDirectory = join(spec.home, "runs", runId);
  // What cannot be asked of the harness is refused before anything is made.
  const model = modelAccess(spec);
  const answer = answerSchemaOf(spec);
  const command = harnessCommand(spec, answer);
  checkMounts(spec);
  const changes = new ChangeNotifier();
  const opened = open(runDirectory, () => openRun({ spec, runId, runDirectory, onAppend: () => changes.notify() }));
  const cancellation = new CancellationController();
  const cancel = () => cancellation.stop({ kind: "cancelled" });
  if (options.signal?.aborted) cancel();
  options.signal?.addEventListener("abort", cancel, { once: true });
  const unwatch = watchStopRequests(runDirectory, cancellation);
  let ended = false;
  const result = executeRun({ spec, runId, runDirectory, cancellation, model, command, answer, ...opened }).finally(
    () => {
      ended = true;
      unwatch();
      cancellation.dispose();
      options.signal?.removeEventListener("abort", cancel);
      changes.notify();
    },
  );
  const events = () => followJournal(runDirectory, { isRunning: () => !ended, changes });
  return {
    id: runId,
    result,
    cancel,
    abort: () => cancellation.stop({ kind: "aborted" }),
    stream: () => ReadableStream.from(events()),
    [Symbol.asyncIterator]: events,
  };
}

function open<T>(runDirectory: string, use: () => T): T {
  try {
    makeHostDirectorySync(runDirectory, 0o700);
    return use();
  } catch (error) {
    throw stateDirectoryError(runDirectory, error);
  }
}
