import type { RunSummary, RunUsage, UsageEvent } from "@glovebox/core";

export const costKeys = ["day", "run", "batch", "model", "provider", "harness"] as const;
/** What a cost report groups by. */
export type CostKey = (typeof costKeys)[number];

/** The label of a run that belongs to a batch. */
const batchLabel = "glovebox.batch";

/** One line of a report. Counts are in tokens. */
export interface CostRow {
  /** Empty for the runs that have none, such as a batch. */
  readonly key: string;
  readonly runs: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** In US dollars: as far as it is known. */
  readonly costUsd: number;
  /** Answers whose cost is not known. */
  readonly unknownAnswers: number;
  readonly answers: number;
}

export interface CostReportOptions {
  readonly by: CostKey;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

type Counts = { -readonly [Name in keyof Omit<CostRow, "key">]: CostRow[Name] };

/** Adds up what runs used, one run after the other: it holds a row for each key, and no run. */
export class CostReport {
  readonly #options: CostReportOptions;
  readonly #rows = new Map<string, Counts>();
  readonly #total = noCounts();

  constructor(options: CostReportOptions) {
    this.#options = options;
  }

  add(run: RunSummary, usage: RunUsage): void {
    const { by, since, until } = this.#options;
    const isInside = ({ time }: UsageEvent) => {
      const at = new Date(time);
      return (since === undefined || at >= since) && (until === undefined || at < until);
    };
    const answers = withCosts(usage).filter(isInside);
    if (answers.length === 0) return;
    this.#total.runs += 1;
    const counted = new Set<string>();
    for (const answer of answers) {
      const key = keyOf(by, run, answer);
      const row = this.#rows.get(key) ?? noCounts();
      this.#rows.set(key, row);
      if (!counted.has(key)) row.runs += 1;
      counted.add(key);
      for (const counts of [row, this.#total]) count(counts, answer);
    }
  }

  /** Days and runs with the newest first, everything else with the most expensive first. */
  get rows(): readonly CostRow[] {
    const rows = [...this.#rows].map(([key, counts]) => ({ key, ...counts }));
    const { by } = this.#options;
    const byName = (a: CostRow, b: CostRow) => (a.key < b.key ? 1 : -1);
    return rows.sort(by === "day" || by === "run" ? byName : (a, b) => b.costUsd - a.costUsd || byName(b, a));
  }

  get total(): Omit<CostRow, "key"> {
    return this.#total;
  }
}

/** What only the harness reports has one cost for the whole run: it is known of an answer where there is one model and day. */
function withCosts({ source, answers, reportedUsd }: RunUsage): readonly UsageEvent[] {
  const [first, ...rest] = answers;
  if (source === "gateway" || reportedUsd === undefined || first === undefined) return answers;
  const isOne = rest.every((one) => one.model === first.model && dayOf(one) === dayOf(first));
  if (!isOne) return answers;
  return [{ ...first, costUsd: reportedUsd }, ...rest.map((one) => ({ ...one, costUsd: 0 }))];
}

function keyOf(by: CostKey, run: RunSummary, answer: UsageEvent): string {
  switch (by) {
    case "run":
      return run.runId;
    case "batch":
      return run.labels?.[batchLabel] ?? "";
    case "day":
      return dayOf(answer);
    case "model":
      return answer.model;
    case "provider":
      return run.providerId;
    case "harness":
      return run.harnessId;
  }
}

/** The day where the user is: `2026-11-20`. */
function dayOf({ time }: UsageEvent): string {
  const at = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function noCounts(): Counts {
  return { runs: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0, unknownAnswers: 0, answers: 0 };
}

function count(counts: Counts, { input, output, cacheRead, cacheWrite, costUsd }: UsageEvent): void {
  counts.input += input;
  counts.output += output;
  counts.cacheRead += cacheRead;
  counts.cacheWrite += cacheWrite;
  counts.costUsd += costUsd ?? 0;
  counts.answers += 1;
  if (costUsd === undefined) counts.unknownAnswers += 1;
}
