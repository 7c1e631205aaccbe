import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { InvalidOptionsError, SandboxNotFoundError } from "../errors/index.ts";
import type { RunEvent, RunOutcome, RunPhase } from "../events/run-event.ts";
import { followJournal } from "./follow-journal.ts";
import { journalFile, readEvents } from "./journal.ts";
import { RunLock } from "./run-lock.ts";
import { readRecord, readResult } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";
import { requestStop } from "./stop-request.ts";

/** What a list of runs shows of one. */
export interface RunSummary {
  readonly runId: string;
  readonly runDir: string;
  readonly startedAt: Date;
  readonly phase: RunPhase;
  /** Absent while the run goes on, or when its process died in the middle. */
  readonly outcome?: RunOutcome;
  readonly reason?: string;
  /** Whether the process that holds the run lives. */
  readonly isAlive: boolean;
  /** Whether a sandbox may be left behind. */
  readonly isLeftBehind: boolean;
  readonly providerId: string;
  readonly harnessId: string;
  readonly sandboxId?: string;
  readonly outputDir: string;
  readonly workspace?: string;
  readonly promptPreview: string;
  readonly durationMs?: number;
}

/** The runs of a state folder, as their journals tell. */
export interface RunStore {
  /** Newest first. */
  list(): Promise<readonly RunSummary[]>;
  /** By id, by the id's unique end or beginning, or by place: `1` is the newest. Unknown ones are `not-found`. */
  get(reference: string): Promise<RunSummary>;
  /** The run's events from the first on; with `follow`, to its end. */
  events(
    runId: string,
    options?: { readonly follow?: boolean; readonly signal?: AbortSignal },
  ): AsyncIterable<RunEvent>;
  result(runId: string): Promise<RunResult | undefined>;
  /** Asks the living process to cancel the run, or with `force` to drop everything. `invalid-options` when none lives. */
  stop(runId: string, options?: { readonly force?: boolean }): Promise<void>;
  /** Forgets the run: its journal and its result, not the files it brought back. `invalid-options` while it goes on. */
  remove(runId: string): Promise<void>;
}

export function createRunStore(home: string): RunStore {
  const runs = join(home, "runs");
  const dirOf = (runId: string) => join(runs, basename(runId));
  const list = async () =>
    readNames(runs)
      .sort()
      .reverse()
      .flatMap((name) => summarize(join(runs, name)) ?? []);
  return {
    list,
    get: async (reference) => find(await list(), reference),
    events: (runId, options = {}) => {
      const runDir = dirOf(runId);
      return followJournal(runDir, {
        mayGrow: () => options.follow === true && RunLock.isHeld(runDir),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    },
    result: async (runId) => readResult(dirOf(runId)),
    stop: async (runId, options) => {
      if (!RunLock.isHeld(dirOf(runId))) throw new InvalidOptionsError(`The run ${runId} is not going on`);
      requestStop(dirOf(runId), options);
    },
    remove: async (runId) => {
      if (RunLock.isHeld(dirOf(runId)) && readResult(dirOf(runId)) === undefined) {
        throw new InvalidOptionsError(`The run ${runId} is still going on`, {
          hint: `End it first: glovebox stop ${runId}`,
        });
      }
      rmSync(dirOf(runId), { recursive: true, force: true });
    },
  };
}

function readNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function find(all: readonly RunSummary[], reference: string): RunSummary {
  const exact = all.find((run) => run.runId === reference);
  // A short number is a place and nothing else: no id is meant by its last digits.
  if (exact === undefined && /^\d{1,4}$/.test(reference)) return atPlace(all, Number(reference));
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
  throw new SandboxNotFoundError(`There is no run ${reference}`, { hint: "glovebox ps lists them." });
}

function atPlace(all: readonly RunSummary[], place: number): RunSummary {
  const found = all[place - 1];
  if (found !== undefined) return found;
  throw new SandboxNotFoundError(`There is no run ${place}: there are ${all.length}`, {
    hint: "glovebox ps lists them.",
  });
}

function summarize(runDir: string): RunSummary | undefined {
  const record = readRecord(runDir);
  if (record === undefined) return undefined;
  const result = readResult(runDir);
  const isAlive = result === undefined && RunLock.isHeld(runDir);
  const seen = result === undefined ? readProgress(runDir) : { phase: "ended" as const, sandboxId: result.sandboxId };
  const { runId, providerId, harnessId, outputDir, workspace, promptPreview } = record;
  return {
    runId,
    runDir,
    startedAt: new Date(record.startedAt),
    phase: seen.phase,
    isAlive,
    isLeftBehind: !isAlive && (result === undefined ? seen.sandboxId !== undefined : result.cleanup.state !== "clean"),
    providerId,
    harnessId,
    outputDir,
    promptPreview,
    ...(workspace === undefined ? {} : { workspace }),
    ...(seen.sandboxId === undefined ? {} : { sandboxId: seen.sandboxId }),
    ...(result === undefined ? {} : { outcome: result.outcome, reason: result.reason, durationMs: result.durationMs }),
  };
}

function readProgress(runDir: string): { readonly phase: RunPhase; readonly sandboxId: string | undefined } {
  let phase: RunPhase = "preparing";
  let sandboxId: string | undefined;
  readEvents(journalFile(runDir), (event) => {
    if (event.type === "run.state") phase = event.to;
    else if (event.type === "sandbox.created") sandboxId = event.sandboxId;
  });
  return { phase, sandboxId };
}
