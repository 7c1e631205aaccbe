import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { InvalidOptionsError, SandboxError, SandboxFileError, SandboxNotFoundError } from "../../errors/index.ts";
import type { RunEvent, RunOutcome, RunPhase } from "../../events/run-event.ts";
import { stallBegin } from "../../events/stall-begin.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import { DirectoryLock } from "../../state/directory-lock.ts";
import { stateDirectory } from "../../state/state-directory.ts";
import { followJournal } from "../journal/follow-journal.ts";
import { journalFile, readEvents } from "../journal/journal.ts";
import { JournalTail } from "../journal/journal-tail.ts";
import { type RunUsage, readUsage } from "../journal/read-usage.ts";
import type { RunResult } from "../run-result.ts";
import { requestStop } from "../stop/stop-request.ts";
import { finishRecord } from "./finish-record.ts";
import { runNames } from "./run-names.ts";
import { type RunRecord, readOutcome, readRecord, readResult } from "./run-record.ts";

/** What a list of runs shows of one. */
export interface RunSummary {
  readonly runId: string;
  readonly runDirectory: string;
  readonly startedAt: Date;
  readonly phase: RunPhase;
  /** Absent while the run continues, or when its process died in the middle. */
  readonly outcome?: RunOutcome;
  readonly reason?: string;
  /** Whether the run's own process lives. */
  readonly isAlive: boolean;
  /** Whether a sandbox may be left behind. */
  readonly isLeftBehind: boolean;
  /** Whether a sandbox was created, or may have been. False for a run that ended in its checks or its template. */
  readonly hasBegun: boolean;
  readonly providerId: string;
  readonly harnessId: string;
  /** The run that this one continues. */
  readonly continues?: string;
  readonly sandboxId?: string;
  /** The run that took the kept sandbox over: it is that one's now. */
  readonly takenOverBy?: string;
  readonly outputDirectory: string;
  readonly workspace?: string;
  /** Whether its harness has a terminal, which users attach to. */
  readonly interactive?: boolean;
  readonly promptPreview: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The names of the secrets that the run had. */
  readonly secretNames?: readonly string[];
  readonly durationMs?: number;
  readonly exitCode?: number;
  /** What it cost in US dollars, and the tokens: of a run that has ended, where they are known. */
  readonly costUsd?: number;
  readonly tokens?: RunResult["tokens"];
  /** How long the run may take, to the end of its harness. Absent for a run of an earlier version. */
  readonly timeoutMs?: number;
  /** Since when a run that is running has made no progress; see the event `run.stalled`. */
  readonly stalledSince?: Date;
}

/** The runs of a state directory, as their journals tell. */
export interface RunStore {
  /** Newest first. */
  list(): Promise<readonly RunSummary[]>;
  /** What is wrong with the directories of runs that cannot be listed, a line each that names the file. */
  problems(): Promise<readonly string[]>;
  /** The ids of all directories of runs, newest first: cheap, for programs that look often. */
  ids(): readonly string[];
  /** One run by its whole id, without looking at others: whether another run took its sandbox over is not known. */
  summary(runId: string): RunSummary | undefined;
  /** Whether a process that lives holds the run: cheap. */
  isRunning(runId: string): boolean;
  /** The run's events from where the last call ended; from the first on at first. */
  tail(runId: string): JournalTail;
  /** By id, by the id's unique end or beginning, or by place: `1` is the newest that has begun. Unknown ones are `not-found`. */
  get(reference: string): Promise<RunSummary>;
  /** The run's events from the first on; with `follow`, to its end. */
  events(
    runId: string,
    options?: { readonly follow?: boolean; readonly signal?: AbortSignal },
  ): AsyncIterable<RunEvent>;
  result(runId: string): Promise<RunResult | undefined>;
  /** What the run's models have used so far. */
  usage(runId: string): Promise<RunUsage>;
  /** Asks the living process to cancel the run, or with `force` to drop everything. `invalid-options` when none lives. */
  stop(runId: string, options?: { readonly force?: boolean }): Promise<void>;
  /** Forgets the run: its journal and its result, not the files it brought back. `invalid-options` while it runs. */
  remove(runId: string): Promise<void>;
}

/** Opens the runs of a state directory: `$GLOVEBOX_HOME` or `~/.glovebox` by default. */
export function createRunStore(home: string = stateDirectory()): RunStore {
  const runs = join(home, "runs");
  const dirOf = (runId: string) => join(runs, basename(runId));
  const look = () => withoutHandedOver(runNames(home).map((name) => lookAt(join(runs, name))));
  const list = async () => look().flatMap(({ summary }) => summary ?? []);
  return {
    list,
    problems: async () => look().flatMap(({ problem }) => problem?.message ?? []),
    ids: () => runNames(home),
    summary: (runId) => lookAt(dirOf(runId)).summary,
    isRunning: (runId) => DirectoryLock.isHeld(dirOf(runId)),
    tail: (runId) => new JournalTail(dirOf(runId)),
    get: async (reference) => {
      const { problem } = runNames(home).includes(reference) ? lookAt(join(runs, reference)) : {};
      if (problem !== undefined) throw problem;
      return find(await list(), reference);
    },
    events: (runId, options = {}) => {
      const runDirectory = dirOf(runId);
      const isRunning = () => {
        if (options.follow === true && DirectoryLock.isHeld(runDirectory)) return true;
        // The journal of a process that died gets its last event, which is then read.
        tryFinishing(runDirectory);
        return false;
      };
      return followJournal(runDirectory, {
        isRunning,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    },
    usage: async (runId) => readUsage(dirOf(runId)),
    result: async (runId) => {
      const runDirectory = dirOf(runId);
      tryFinishing(runDirectory);
      return resultSoFar(runDirectory);
    },
    stop: async (runId, options) => {
      if (!DirectoryLock.isHeld(dirOf(runId))) throw new InvalidOptionsError(`The run ${runId} is not running`);
      requestStop(dirOf(runId), options);
    },
    remove: async (runId) => {
      if (DirectoryLock.isHeld(dirOf(runId)) && !isRecorded(dirOf(runId))) {
        throw new InvalidOptionsError(`The run ${runId} is still running`, {
          hint: `End it first: glovebox stop ${runId}`,
        });
      }
      rmSync(dirOf(runId), { recursive: true, force: true });
    },
  };
}

/** Where nothing can be written, what is recorded is read all the same. */
function tryFinishing(runDirectory: string): void {
  try {
    finishRecord(runDirectory);
  } catch {
    // Damaged, or a disk that is full: whoever reads it says so.
  }
}

function isRecorded(runDirectory: string): boolean {
  try {
    return readResult(runDirectory) !== undefined;
  } catch {
    // It was written once.
    return true;
  }
}

/** A draft is no result as long as its process lives. */
function resultSoFar(runDirectory: string): RunResult | undefined {
  return DirectoryLock.isHeld(runDirectory) ? readResult(runDirectory) : readOutcome(runDirectory)?.result;
}

interface Look {
  readonly summary?: RunSummary;
  readonly takenOver?: RunRecord["takenOver"];
  readonly problem?: SandboxError;
}

function lookAt(runDirectory: string): Look {
  try {
    tryFinishing(runDirectory);
    return summarize(runDirectory);
  } catch (error) {
    if (SandboxError.isInstance(error)) return { problem: error };
    const reason = (error as Error).message;
    return { problem: new SandboxFileError(`The run in ${runDirectory} cannot be read: ${reason}`, { cause: error }) };
  }
}

/** A sandbox that another run took over is not left behind by the one that kept it. */
function withoutHandedOver(looks: readonly Look[]): readonly Look[] {
  const takers = new Map(
    looks.flatMap(({ summary, takenOver }): [string, string][] =>
      summary === undefined || takenOver === undefined
        ? []
        : [[`${takenOver.fromRunId} ${takenOver.sandboxId}`, summary.runId]],
    ),
  );
  return looks.map((look) => {
    const { summary } = look;
    if (summary === undefined) return look;
    const takenOverBy = takers.get(`${summary.runId} ${summary.sandboxId}`);
    if (takenOverBy === undefined) return look;
    return { ...look, summary: { ...summary, isLeftBehind: false, takenOverBy } };
  });
}

function find(all: readonly RunSummary[], reference: string): RunSummary {
  const exact = all.find((run) => run.runId === reference);
  // A short number is a place and nothing else: no id is meant by its last digits.
  if (exact === undefined && /^\d{1,4}$/.test(reference)) return atPlace(all.filter(isListed), Number(reference));
  const partial = all.filter((run) => run.runId.startsWith(reference) || run.runId.endsWith(reference));
  const found = exact ?? (partial.length === 1 ? partial[0] : undefined);
  if (found !== undefined) return found;
  if (partial.length > 1) {
    throw new InvalidOptionsError(`${reference} fits ${partial.length} runs`, {
      hint: `For example ${partial
        .slice(0, 3)
        .map((run) => run.runId)
        .join(", ")}.`,
    });
  }
  throw new SandboxNotFoundError(`There is no run ${reference}`, { hint: "`glovebox ps` lists them." });
}

function isListed({ hasBegun, isAlive }: RunSummary): boolean {
  return hasBegun || isAlive;
}

function atPlace(all: readonly RunSummary[], place: number): RunSummary {
  const found = all[place - 1];
  if (found !== undefined) return found;
  if (all.length === 0) throw new SandboxNotFoundError("There are no runs yet");
  throw new SandboxNotFoundError(`There is no run ${place}: there are ${all.length}`, {
    hint: "`glovebox ps` lists them.",
  });
}

/** Nothing where no run has begun: a directory that is older than its record, or none of ours. */
function summarize(runDirectory: string): Look {
  const record = readRecord(runDirectory);
  if (record === undefined) return {};
  const result = resultSoFar(runDirectory);
  // Whoever recovers it holds the lock too: the run's own process is dead then.
  const isAlive =
    result === undefined && DirectoryLock.isHeld(runDirectory) && !DirectoryLock.wasTakenOver(runDirectory);
  // A recovered run whose sandbox was gone has none in its result: only its journal knows that there was one.
  const seen: Progress =
    result?.sandboxId === undefined ? readProgress(runDirectory, record) : { sandboxId: result.sandboxId };
  const { runId, providerId, harnessId, continues, outputDirectory, workspace, promptPreview, labels } = record;
  const { timeoutMs, interactive } = record;
  const summary: RunSummary = {
    runId,
    runDirectory,
    startedAt: new Date(record.startedAt),
    phase: result === undefined ? (seen.phase ?? "preparing") : "ended",
    isAlive,
    isLeftBehind: !isAlive && (result === undefined ? seen.sandboxId !== undefined : result.cleanup.state !== "clean"),
    hasBegun:
      record.imported !== undefined ||
      seen.sandboxId !== undefined ||
      (result !== undefined && result.cleanup.state !== "clean"),
    providerId,
    harnessId,
    outputDirectory,
    promptPreview,
    ...(labels === undefined ? {} : { labels }),
    ...dropUndefined({ secretNames: record.secretNames, continues, workspace, timeoutMs, interactive }),
    ...(isAlive && seen.stalledSince !== undefined ? { stalledSince: seen.stalledSince } : {}),
    ...(seen.sandboxId === undefined ? {} : { sandboxId: seen.sandboxId }),
    ...(result === undefined ? {} : endOf(result)),
  };
  return { summary, ...dropUndefined({ takenOver: record.takenOver }) };
}

function endOf({ outcome, reason, durationMs, exitCode, costUsd, tokens }: RunResult) {
  return { outcome, reason, durationMs, exitCode, ...dropUndefined({ costUsd, tokens }) };
}

interface Progress {
  readonly phase?: RunPhase;
  readonly sandboxId: string | undefined;
  readonly stalledSince?: Date | undefined;
}

function readProgress(runDirectory: string, { takenOver }: RunRecord): Progress {
  let phase: RunPhase = "preparing";
  let sandboxId = takenOver?.sandboxId;
  let stalledSince: Date | undefined;
  readEvents(journalFile(runDirectory), (event) => {
    if (event.type === "run.state") phase = event.to;
    else if (event.type === "sandbox.created") sandboxId = event.sandboxId;
    else if (event.type === "run.stalled") stalledSince = stallBegin(event);
  });
  return { phase, sandboxId, stalledSince };
}
