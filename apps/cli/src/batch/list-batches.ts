import { type BatchSummary, createBatchStore } from "@glovebox/batch";
import { stateDirectory } from "@glovebox/core/state";
import { formatDuration, safeName } from "@glovebox/core/text";
import { formatCost } from "../print/format-cost.ts";
import type { Terminal } from "../terminal.ts";
import { printRows } from "./print-batch.ts";

/** `glovebox batch list`. */
export function listBatches({ json }: { readonly json?: boolean }, terminal: Terminal): number {
  const { stdout, stderr } = terminal;
  const store = createBatchStore(stateDirectory(terminal.env));
  for (const problem of store.problems()) stderr.line(`warning: ${problem}`);
  const all = store.list();
  if (json) {
    for (const { record, ...batch } of all) {
      stdout.json({ ...batch, source: record.source, createdAt: record.createdAt, rows: record.rows.length });
    }
  } else if (all.length === 0) stderr.line("No batches yet. Start one: glovebox batch FILE");
  else {
    stdout.table(
      ["BATCH", "STATE", "ROWS", "DONE", "COST", "STARTED", "FROM"],
      all.map((batch) => [
        batch.id,
        stateOf(batch),
        String(batch.record.rows.length),
        doneOf(batch),
        batch.costUsd === 0 ? "" : formatCost(batch.costUsd),
        `${formatDuration(Math.max(0, Date.now() - Date.parse(batch.record.createdAt)))} ago`,
        safeName(batch.record.source),
      ]),
    );
  }
  return 0;
}

/** `glovebox batch show`. */
export function showBatch(
  reference: string | undefined,
  { json, all }: { readonly json?: boolean; readonly all?: boolean },
  terminal: Terminal,
): number {
  const { stdout, stderr } = terminal;
  const store = createBatchStore(stateDirectory(terminal.env));
  const batch = store.get(reference ?? "1");
  const rows = store.rows(batch.id);
  if (json) {
    for (const row of rows) stdout.json(row);
    return 0;
  }
  const cost = batch.costUsd === 0 ? "" : `, ${formatCost(batch.costUsd)}`;
  stderr.line(`Batch ${batch.id}: ${stateOf(batch)}, ${doneOf(batch)} of ${rows.length} rows done${cost}`);
  printRows(rows, stdout, { all: all ?? false });
  return 0;
}

function stateOf({ isAlive, isComplete, counts }: BatchSummary): string {
  const { running = 0 } = counts;
  if (isAlive) return `running (${running} ${running === 1 ? "row" : "rows"})`;
  if (!isComplete) return "stopped, can be resumed";
  const failed = Object.entries(counts).filter(([status]) => status !== "succeeded");
  return failed.length === 0
    ? "succeeded"
    : failed.map(([status, count]) => `${count} ${status === "unverified" ? "not verified" : status}`).join(", ");
}

function doneOf({ record, counts }: BatchSummary): string {
  const open = (counts.waiting ?? 0) + (counts.running ?? 0) + (counts.interrupted ?? 0);
  return String(record.rows.length - open);
}
