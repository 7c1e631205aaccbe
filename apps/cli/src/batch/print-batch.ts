import type { BatchRecord, BatchResult, RowState } from "@glovebox/batch";
import { formatDuration, safeLine, safeName } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { asTyped } from "../print/command-name.ts";
import { formatCost } from "../print/format-cost.ts";
import { shown } from "../print/print-summary.ts";
import type { Terminal } from "../terminal.ts";
import { isGood, outcomeWords } from "./attempt-line.ts";

const mostSucceeded = 20;

/** The rows as a table: those that need attention first. With `all`, also every row that succeeded. */
export function printRows(
  states: readonly RowState[],
  output: Output,
  { all = false }: { readonly all?: boolean } = {},
): void {
  const good = states.filter(isGood);
  const others = states.filter((state) => !isGood(state)).sort((a, b) => rank(a) - rank(b));
  const rows = [...others, ...(all ? good : good.slice(0, mostSucceeded))];
  output.table(["ROW", "STATE", "RUNS", "TOOK", "COST", "RUN", "PROMPT OR REASON"], rows.map(cellsOf));
  if (good.length > mostSucceeded && !all)
    output.line(output.colors.dim(`and ${good.length - mostSucceeded} more that succeeded`));
}

/** Failures first, then what has not run. */
function rank({ isFinal, status }: RowState): number {
  return isFinal ? 0 : status === "waiting" ? 2 : 1;
}

function cellsOf(state: RowState): string[] {
  const { row, attempts, last, costUsd } = state;
  const end = last?.end;
  return [
    row.id,
    outcomeWords(state),
    String(attempts.length),
    end === undefined ? "" : formatDuration(end.durationMs),
    costUsd === 0 ? "" : formatCost(costUsd),
    last?.runId.slice(-6) ?? "",
    isGood(state) ? safeLine(row.prompt, 60) : safeLine(end?.reason ?? row.prompt, 200),
  ];
}

/** What came of a batch, and what to do next. */
export function printBatchEnd(
  result: BatchResult,
  record: BatchRecord,
  terminal: Terminal,
  facts: { readonly quiet: boolean; readonly durationMs: number },
): void {
  const { stdout, stderr, cwd, env } = terminal;
  const { green, red, cyan } = stderr.colors;
  if (!facts.quiet) printRows(result.rows, stdout);
  const cost = result.costUsd === 0 ? "" : `, ${formatCost(result.costUsd)}`;
  const mark = result.exitCode === 0 ? green("✓") : red("✗");
  stderr.line(`${mark} ${safeLine(result.reason, 300)} in ${formatDuration(facts.durationMs)}${cost}`);
  const advise = (label: string, command: string) =>
    stderr.line(`${cyan(`${label}:`.padEnd(8))} ${asTyped(`glovebox batch ${command}`, env)}`);
  stderr.line(`${cyan("files:".padEnd(8))} ${safeName(shown(record.outputDirectory, cwd))}/<row>`);
  if (!result.isComplete) advise("resume", `resume ${record.id}`);
  else if (result.exitCode === 1) advise("again", `resume ${record.id} --failed`);
  advise("report", `report ${record.id}`);
  const isChoice = new Set(record.rows.map(({ group }) => group)).size < record.rows.length;
  if (isChoice && result.isComplete) advise("pick", `pick ${record.id}`);
}
