import type { BatchRecord, BatchRow } from "@glovebox/batch";
import { runSettings } from "@glovebox/core/run-settings";
import { formatDuration, safeLine } from "@glovebox/core/text";
import type { UserConfig } from "../config/user-config.ts";
import { formatCost } from "../print/format-cost.ts";
import type { Terminal } from "../terminal.ts";

/** `--dry-run`: the rows, and the most that they can cost and take where there are limits. */
export function printBatchPlan(
  record: BatchRecord,
  user: UserConfig,
  { json }: { readonly json?: boolean },
  { stdout, stderr }: Terminal,
): number {
  if (json) {
    stdout.json({ ...record, options: undefined, estimate: estimateOf(record, user) });
    return 0;
  }
  stdout.table(
    ["ROW", "GROUP", "PROVIDER", "MODEL", "COMPONENTS", "LIMITS", "VERIFY", "PROMPT"],
    record.rows.map((row) => [
      row.id,
      row.group,
      row.provider,
      row.model ?? "",
      Object.values(row.components).flat().join(" "),
      limitsOf(row),
      row.verify ?? "",
      safeLine(row.prompt, 200),
    ]),
  );
  const { maxCostUsd, maxDurationMs } = estimateOf(record, user);
  const cost =
    maxCostUsd === undefined ? "no limit of cost for all of them (--max-cost)" : `at most ${formatCost(maxCostUsd)}`;
  stderr.line(
    `${record.rows.length} rows, ${record.concurrency} at a time: ${cost}, at most about ${formatDuration(maxDurationMs)}`,
  );
  return 0;
}

function limitsOf({ limits: { timeout, maxCost, memory } }: BatchRow): string {
  return [
    ...(timeout === undefined ? [] : [formatDuration(timeout)]),
    ...(maxCost === undefined ? [] : [`$${maxCost}`]),
    ...(memory === undefined ? [] : [`${memory} MiB`]),
  ].join(" ");
}

/** Upper bounds by the limits, with every retry. The time is without creating and collecting. */
function estimateOf({ rows, retries, maxCostUsd, concurrency }: BatchRecord, user: UserConfig) {
  const ofRows = rows.map(({ limits }) => limits.maxCost ?? user.maxCost);
  const sum = ofRows.every((one) => one !== undefined)
    ? ofRows.reduce((total, one) => total + one, 0) * (retries + 1)
    : undefined;
  const bounds = [maxCostUsd, sum].filter((one) => one !== undefined);
  const times = rows.map(
    ({ limits }) => (limits.timeout ?? user.timeout ?? runSettings.timeout.default) * (retries + 1),
  );
  const lanes = Array.from({ length: Math.min(concurrency, rows.length) }, () => 0);
  for (const time of times) {
    const free = lanes.indexOf(Math.min(...lanes));
    lanes[free] = (lanes[free] ?? 0) + time;
  }
  return { ...(bounds.length === 0 ? {} : { maxCostUsd: Math.min(...bounds) }), maxDurationMs: Math.max(...lanes) };
}
