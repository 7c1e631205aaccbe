import { createRunStore } from "@glovebox/core";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { formatCount, safeLine } from "@glovebox/core/text";
import { formatCost } from "../print/format-cost.ts";
import { wasScripted } from "../run/drive-run.ts";
import type { Terminal } from "../terminal.ts";
import { CostReport, type CostReportOptions, type CostRow } from "./cost-report.ts";

export interface ShowCostOptions extends Partial<CostReportOptions> {
  readonly json?: boolean;
  readonly csv?: boolean;
}

const none = "(none)";

/** `glovebox cost`. */
export async function showCost(options: ShowCostOptions, terminal: Terminal): Promise<number> {
  const { by = "day", since, until, json = false, csv = false } = options;
  if (json && csv) throw new InvalidOptionsError("--json and --csv cannot be used together");
  if (since !== undefined && until !== undefined && since >= until) {
    throw new InvalidOptionsError("--since is not before --until");
  }
  const { stdout, stderr } = terminal;
  const store = createRunStore(stateDirectory(terminal.env));
  for (const problem of await store.problems()) stderr.line(`warning: ${problem}`);
  const report = new CostReport({ by, since, until });
  let scripted = 0;
  for (const run of await store.list()) {
    if (wasScripted(run.runDirectory)) {
      scripted += 1;
      continue;
    }
    try {
      report.add(run, await store.usage(run.runId));
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      stderr.line(`warning: ${safeLine(error.message)}`);
    }
  }
  const { rows, total } = report;
  if (json) for (const row of rows) stdout.json(asJson(by, row));
  else if (csv) printCsv(by, rows, terminal);
  else if (rows.length === 0) stderr.line("No run has used a model in this time.");
  else printTable(by, rows, total, terminal);
  if (!json && !csv && scripted > 0) {
    stderr.line(`Without ${formatCount(scripted, "run")} with a scripted model, which cost nothing.`);
  }
  return 0;
}

function asJson(by: string, row: CostRow): Record<string, unknown> {
  const { key, costUsd, unknownAnswers, answers, ...counts } = row;
  const cost = unknownAnswers === answers ? {} : { costUsd };
  return { by, key: key === "" ? null : key, ...counts, ...cost, isCostComplete: unknownAnswers === 0 };
}

function printTable(by: string, rows: readonly CostRow[], total: Omit<CostRow, "key">, { stdout }: Terminal): void {
  const cells = [...rows, { key: "total", ...total }].map((row) => [
    row.key === "" ? none : row.key,
    ...[row.runs, row.input, row.output, row.cacheRead, row.cacheWrite].map((value) => value.toLocaleString("en-US")),
    costOf(row),
  ]);
  stdout.table([by.toUpperCase(), "RUNS", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITE", "COST"], cells);
}

/** What is not known is never shown as nothing. */
function costOf({ costUsd, unknownAnswers, answers }: CostRow): string {
  if (unknownAnswers === answers) return "unknown";
  return unknownAnswers === 0 ? formatCost(costUsd) : `${formatCost(costUsd)} + unknown`;
}

function printCsv(by: string, rows: readonly CostRow[], { stdout }: Terminal): void {
  stdout.line(`${by},runs,input,output,cache_read,cache_write,cost_usd,cost_is_complete`);
  for (const row of rows) {
    const cost = row.unknownAnswers === row.answers ? "" : row.costUsd;
    const counts = [row.runs, row.input, row.output, row.cacheRead, row.cacheWrite, cost, row.unknownAnswers === 0];
    stdout.line([csvText(row.key), ...counts].join(","));
  }
}

/** A text of others: quoted, and never a formula. */
function csvText(text: string): string {
  const line = safeLine(text);
  return `"${/^[=+\-@]/.test(line) ? "'" : ""}${line.replaceAll('"', '""')}"`;
}
