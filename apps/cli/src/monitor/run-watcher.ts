import type { JournalTail, RunStore, RunSummary } from "@glovebox/core";
import { selectRuns } from "../runs/select-runs.ts";
import { WatchedRun } from "./watched-run.ts";

/** A run whose process died without an end is noticed by one of this number of looks: it costs more than the rest. */
const looksPerCheck = 5;

/**
 * The runs of a state directory, read again by `look`. A look costs a listing, a record of each run that is running, and what
 * its journal has grown by; of runs that have ended it reads nothing again.
 */
export class RunWatcher {
  readonly #store: RunStore;
  readonly #only: string | undefined;
  readonly #runs = new Map<string, WatchedRun>();
  readonly #tails = new Map<string, JournalTail>();
  /** Runs that had ended before this began, and are not shown. */
  readonly #passed = new Set<string>();
  #looks = 0;

  /** `only`: the one run that is watched; every run otherwise. */
  constructor(store: RunStore, only?: string) {
    this.#store = store;
    this.#only = only;
  }

  /** Reads everything once: those that run, those that left something, the newest, and the others of a batch that is running. */
  async begin(): Promise<void> {
    const all = await this.#store.list();
    const shown = new Set(this.#only === undefined ? shownOf(all) : all.filter(({ runId }) => runId === this.#only));
    for (const summary of all) {
      if (shown.has(summary)) this.#add(summary, true);
      else this.#passed.add(summary.runId);
    }
  }

  /** Reads what is new. */
  look(): void {
    this.#looks += 1;
    const ids = new Set(this.#only === undefined ? this.#store.ids() : [this.#only]);
    let place = 0;
    for (const runId of ids) {
      place += 1;
      if (this.#passed.has(runId)) continue;
      const run = this.#runs.get(runId);
      if (run?.isAlive) this.#update(run, this.#only !== undefined || (place + this.#looks) % looksPerCheck === 0);
      else if (run === undefined) {
        const summary = this.#store.summary(runId);
        if (summary !== undefined) this.#add(summary, false);
      }
    }
    for (const runId of this.#runs.keys()) {
      if (ids.has(runId)) continue;
      this.#runs.delete(runId);
      this.#tails.delete(runId);
    }
  }

  /** Batches with a run that is running come first, then the newest; of a batch, those that run first. */
  get runs(): readonly WatchedRun[] {
    const all = [...this.#runs.values()];
    const newest = new Map<string | undefined, string>();
    const active = new Set<string | undefined>();
    for (const run of all) {
      const key = groupOf(run);
      if (run.runId > (newest.get(key) ?? "")) newest.set(key, run.runId);
      if (run.isAlive) active.add(key);
    }
    const rank = (run: WatchedRun) => [
      active.has(groupOf(run)) ? "1" : "0",
      newest.get(groupOf(run)) ?? "",
      run.isAlive ? "1" : "0",
      run.runId,
    ];
    const ranks = new Map(all.map((run) => [run, rank(run).join(" ")]));
    return all.sort((a, b) => ((ranks.get(a) ?? "") < (ranks.get(b) ?? "") ? 1 : -1));
  }

  #add(summary: RunSummary, isPast: boolean): void {
    const run = new WatchedRun(summary);
    this.#runs.set(summary.runId, run);
    const tail = this.#store.tail(summary.runId);
    this.#tails.set(summary.runId, tail);
    // Of a run that has ended, the record has all that a row shows; its journal may be long.
    if (summary.isAlive || this.#only !== undefined) tail.read((event) => run.event(event, isPast));
  }

  /** The lines of a run that had ended before anyone looked: read when it is chosen. */
  readLines(run: WatchedRun): void {
    this.#tails.get(run.runId)?.read((event) => run.event(event, true));
  }

  #update(run: WatchedRun, checksProcess: boolean): void {
    let hasEnded = false;
    const tail = this.#tails.get(run.runId);
    tail?.read((event) => {
      run.event(event, false);
      hasEnded ||= event.type === "run.end";
    });
    if (!hasEnded && !(checksProcess && !this.#store.isRunning(run.runId))) return;
    const summary = this.#store.summary(run.runId);
    if (summary !== undefined) run.summarize(summary);
    tail?.read((event) => run.event(event, false));
  }
}

/** Runs without a batch are a group each. */
function groupOf(run: WatchedRun): string {
  return run.batch ?? run.runId;
}

function shownOf(all: readonly RunSummary[]): readonly RunSummary[] {
  const batches = new Set(
    all.filter(({ isAlive }) => isAlive).flatMap(({ labels }) => labels?.["glovebox.batch"] ?? []),
  );
  const usual = new Set(selectRuns(all, {}));
  return all.filter((run) => usual.has(run) || batches.has(run.labels?.["glovebox.batch"] ?? ""));
}
