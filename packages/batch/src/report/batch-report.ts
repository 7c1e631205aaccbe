import { createRunStore } from "@glovebox/core";
import { stateDirectory } from "@glovebox/core/state";
import type { BatchStore } from "../store/batch-store.ts";
import { htmlReport } from "./html-report.ts";
import { junitReport } from "./junit-report.ts";
import { markdownReport } from "./markdown-report.ts";
import { type ReportRow, reportRow } from "./report-row.ts";
import { type PassRate, passRate } from "./wilson-interval.ts";

/** The forms of a report. */
export const reportFormats = ["markdown", "html", "json", "junit"] as const;
/** A form of a report. */
export type ReportFormat = (typeof reportFormats)[number];

/** Rows that have something in common, as a report sums them up. */
export interface ReportSlice {
  readonly name: string;
  /** Of the rows that are decided. */
  readonly passRate: PassRate;
  readonly rows: number;
  /** In US dollars. */
  readonly costUsd: number;
  readonly tokens: number;
  readonly durationMs: number;
}

/** Everything that a report says about a batch. */
export interface BatchReport {
  readonly v: 1;
  readonly id: string;
  readonly source: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly isComplete: boolean;
  readonly total: ReportSlice;
  /** By what the rows differ in: only dimensions with more than one value. */
  readonly slices: readonly { readonly by: ReportDimension; readonly slices: readonly ReportSlice[] }[];
  readonly rows: readonly ReportRow[];
}

const dimensions = ["group", "model", "harness", "provider"] as const;
/** What rows can differ in. */
export type ReportDimension = (typeof dimensions)[number];

/** Which batch is reported, and from where. */
export interface BatchReportOptions {
  readonly batches: BatchStore;
  readonly id: string;
  /** The state directory. `$GLOVEBOX_HOME` or `~/.glovebox` by default. */
  readonly home?: string;
}

/** Reads what came of a batch: of one that is running, what came of it so far. */
export async function readBatchReport({
  batches,
  id,
  home = stateDirectory(),
}: BatchReportOptions): Promise<BatchReport> {
  const { record, isComplete, id: batchId } = batches.get(id);
  const runs = createRunStore(home);
  const rows: ReportRow[] = [];
  for (const state of batches.rows(batchId)) {
    const { runId = "" } = state.last ?? {};
    // A run that was removed or is damaged has no files to count; its row has its verdict.
    const result = runId === "" ? undefined : await runs.result(runId).catch(() => undefined);
    rows.push(reportRow(state, result));
  }
  return {
    v: 1,
    id: batchId,
    source: record.source,
    createdAt: record.createdAt,
    isComplete,
    total: slice("all", rows),
    slices: dimensions.flatMap((by) => {
      const slices = slicesBy(rows, by);
      return slices.length < 2 ? [] : [{ by, slices }];
    }),
    rows,
  };
}

/** A report as text. JSON has all of it; the others have what people and CI systems read. */
export function formatBatchReport(report: BatchReport, format: ReportFormat): string {
  return formats[format](report);
}

const formats: Readonly<Record<ReportFormat, (report: BatchReport) => string>> = {
  markdown: markdownReport,
  html: htmlReport,
  json: (report) => `${JSON.stringify(report, undefined, 2)}\n`,
  junit: junitReport,
};

function slicesBy(rows: readonly ReportRow[], by: ReportDimension): readonly ReportSlice[] {
  const groups = new Map<string, ReportRow[]>();
  for (const row of rows) {
    const name = row[by] ?? "default";
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, members]) => slice(name, members));
}

function slice(name: string, rows: readonly ReportRow[]): ReportSlice {
  const decided = rows.filter(({ isDecided }) => isDecided);
  const sum = (of: (row: ReportRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    name,
    passRate: passRate(decided.filter(({ passed }) => passed).length, decided.length),
    rows: rows.length,
    costUsd: sum(({ costUsd }) => costUsd),
    tokens: sum(({ tokens }) => tokens),
    durationMs: sum(({ durationMs }) => durationMs),
  };
}
