import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createBatchStore, type RowState, type RowStatus } from "@glovebox/batch";
import type { StressFault } from "../stress-scenario.ts";
import type { StressStage } from "../stress-stage.ts";

/** What must come of a row. */
export interface ExpectedRow {
  /** What it made. Default: that is open. */
  readonly content?: string;
  /** Default: `succeeded`. */
  readonly status?: RowStatus;
}

/** What must be true of a batch that has ended: no row lost or doubled, every result there, nothing left. */
export async function checkBatch(
  stage: StressStage,
  expected: ReadonlyMap<string, ExpectedRow>,
): Promise<StressFault[]> {
  const store = createBatchStore(stage.home);
  const batches = store.list();
  const [batch] = batches;
  if (batch === undefined || batches.length !== 1) return [{ kind: "batch lost", detail: `${batches.length} batches` }];
  const rows = store.rows(batch.id);
  const faults: StressFault[] = [];
  const fault = (kind: string, detail: string) => void faults.push({ kind, detail });
  if (rows.map(({ row }) => row.id).join() !== [...expected.keys()].join())
    fault("row lost", rows.map(({ row }) => row.id).join());
  const started = rows.flatMap(({ attempts }) => attempts.map(({ runId }) => runId)).filter((runId) => runId !== "");
  if (new Set(started).size !== started.length) fault("run used twice", started.join());
  for (const runId of readdirSync(join(stage.home, "runs"))) {
    if (!started.includes(runId)) fault("run without a row", runId);
  }
  for (const state of rows) {
    faults.push(...checkRow(state, batch.record.outputDirectory, expected.get(state.row.id) ?? {}));
  }
  for (const { Names } of await stage.containers()) fault("container left", String(Names[0]));
  for (const name of readdirSync(stage.temporary)) fault("temporary directory left", name);
  return faults;
}

function checkRow(
  { row, status, attempts }: RowState,
  outputDirectory: string,
  { content: right, status: rightStatus = "succeeded" }: ExpectedRow,
): StressFault[] {
  const detail = `${row.id}: ${attempts.map(({ runId, end }) => `${runId} ${end?.outcome}`).join(", ")}`;
  if (status !== rightStatus) return [{ kind: "row not right", detail }];
  const ended = attempts.filter(({ end }) => end?.outcome === rightStatus);
  const faults: StressFault[] = ended.length === 1 ? [] : [{ kind: "row ran again", detail }];
  const last = attempts.at(-1)?.attempt ?? 1;
  const file = join(outputDirectory, last === 1 ? row.id : `${row.id}.${last}`, "made.txt");
  const content = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (right !== undefined && content !== right)
    faults.push({ kind: "result lost", detail: `${detail}; ${file} is ${JSON.stringify(content)}` });
  return faults;
}

/** Rows that have more than one running container at the moment: two runs of one row. */
export async function doubledRows(stage: StressStage): Promise<string[]> {
  const running = (await stage.containers()).filter(({ State }) => State === "running");
  const rows = running.map(({ Labels }) => Labels["glovebox.row"] ?? "unlabelled");
  return [...new Set(rows.filter((row, index) => rows.indexOf(row) !== index))];
}
