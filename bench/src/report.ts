import { cpus } from "node:os";
import type { BenchCase } from "./bench-case.ts";
import { quantile, type Sample } from "./measure.ts";

export interface CaseReport {
  readonly bench: BenchCase;
  readonly samples: readonly Sample[];
}

/** The table of docs/benchmarks.md. A ratio below 1 is faster than the reference. */
export function reportOf(reports: readonly CaseReport[], engine: string): string {
  const rows = reports.flatMap(({ bench, samples }) => {
    const reference = samples.find(({ contender }) => contender === bench.reference);
    const base = reference === undefined ? Number.NaN : quantile(reference.timesMs, 0.5);
    return samples.map(({ contender, timesMs }) => {
      const [low, median, high] = [timesMs[0] ?? Number.NaN, quantile(timesMs, 0.5), timesMs.at(-1) ?? Number.NaN];
      return `| ${bench.title} | ${contender} | ${timesMs.length} | ${ms(low)} | ${ms(median)} | ${ms(high)} | ${(median / base).toFixed(2)} |`;
    });
  });
  return [
    "# Benchmarks",
    "",
    "Made by `pnpm bench`: every row of a case was measured in the same run, the contenders in turn, after a warm-up.",
    `Times are in milliseconds; the ratio is that of the medians to the case's reference. ${cpus().length} processors, engine ${engine}, Node ${process.versions.node}.`,
    "",
    "| Case | Contender | Rounds | Fastest | Median | Slowest | Ratio |",
    "| --- | --- | --: | --: | --: | --: | --: |",
    ...rows,
    "",
  ].join("\n");
}

function ms(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
