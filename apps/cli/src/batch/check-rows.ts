import { join } from "node:path";
import type { BatchRecord, BatchRow } from "@glovebox/batch";
import { readOwner } from "@glovebox/core";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import type { RunPlan } from "../plan/run-plan.ts";
import type { CliBatchHost } from "./cli-batch-host.ts";

const mostShown = 20;

interface BadRow {
  readonly row: BatchRow;
  readonly error: SandboxError;
}

/**
 * Plans every row, so that a row that cannot run is named before any does, and asks what has to be asked. Then checks each
 * provider, and prepares what its rows start from, once for all of them. Resolves to the warnings of the plans.
 */
export async function checkRows(
  record: BatchRecord,
  host: CliBatchHost,
  { isLook, onNote }: { readonly isLook: boolean; readonly onNote: (message: string) => void },
): Promise<readonly string[]> {
  const bad: BadRow[] = [];
  const warnings = new Set<string>();
  const places = new Map<string, RunPlan>();
  for (const [index, row] of record.rows.entries()) {
    if (record.rows.length > 1) onNote(`Checking row ${index + 1} of ${record.rows.length}`);
    const place = { attempt: 1, batchId: record.id, outputDirectory: join(record.outputDirectory, row.id) };
    try {
      const plan = await host.prepare(row, place);
      for (const warning of plan.warnings) warnings.add(warning);
      places.set(placeOf(plan), plan);
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
      bad.push({ row, error });
    }
  }
  if (bad.length > 0) throw badRows(bad, record.rows.length);
  if (isLook) return [...warnings];
  for (const plan of places.values()) {
    await host.prepareHost(plan);
    await prepareTemplate(plan, onNote);
  }
  return [...warnings];
}

/** Rows whose sandboxes start from the same have the same. */
function placeOf({ spec: { provider, harness, base } }: RunPlan): string {
  return JSON.stringify([provider.id, harness.id, base]);
}

async function prepareTemplate({ spec }: RunPlan, onNote: (message: string) => void): Promise<void> {
  const { provider, harness, base = { kind: "default" }, home } = spec;
  const { ready, findings } = await provider.preflight();
  const problem = findings.find(({ status }) => status === "problem");
  if (!ready) {
    throw new SandboxError("unavailable", problem?.message ?? `${provider.id} is not ready`, {
      providerId: provider.id,
      hint: problem?.hint ?? "Run `glovebox doctor` for details.",
    });
  }
  onNote(`Preparing what the sandboxes on ${provider.id} start from`);
  await provider.prepare(
    { base, layers: [harness.template()] },
    {
      owner: readOwner(home),
      onProgress: ({ message, output }) => onNote(output === undefined ? message : `${message}: ${output}`),
    },
  );
}

/** One error for all rows that cannot run. What is wrong with every row in the same way is said once. */
function badRows(bad: readonly BadRow[], total: number): SandboxError {
  const [first] = bad;
  if (first === undefined) return new InvalidOptionsError("No row cannot run");
  const { error } = first;
  const isSame = bad.every((one) => one.error.message === error.message);
  const code = bad.every((one) => one.error.code === error.code) ? error.code : "invalid-options";
  const options = error.hint === undefined ? {} : { hint: error.hint };
  if (isSame && bad.length === total) return new SandboxError(code, error.message, options);
  const lines = bad.slice(0, mostShown).map(({ row, error: { message } }) => `\n${row.source} (${row.id}): ${message}`);
  const more = bad.length > mostShown ? `\nand ${bad.length - mostShown} more` : "";
  const count = bad.length === 1 ? "One row" : `${bad.length} of ${total} rows`;
  return new SandboxError(
    code,
    `${count} cannot run, so none was started:${lines.join("")}${more}`,
    isSame ? options : {},
  );
}
