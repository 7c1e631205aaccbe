import type { BatchReport, ReportSlice } from "./batch-report.ts";
import type { ReportRow } from "./report-row.ts";
import {
  describeCheat,
  describeRate,
  dollars,
  duration,
  fileCounts,
  oneLine,
  tokenCount,
  verdictOfRow,
} from "./report-text.ts";

/** A report in Markdown, for a pull request or a terminal. Text from runs is escaped: it is neither markup nor a link. */
export function markdownReport(report: BatchReport): string {
  const { id, source, createdAt, isComplete, total, slices, rows } = report;
  const troubled = rows.filter(
    (row) =>
      (!row.passed && row.isDecided) ||
      (row.verification?.cheats.length ?? 0) > 0 ||
      row.verification?.verdict === "not-verified",
  );
  return `${[
    `# Batch ${escapeText(id)}`,
    "",
    `${escapeText(source)}, started ${escapeText(createdAt)}${isComplete ? "" : " (not complete)"}`,
    "",
    `- Passed: **${describeRate(total.passRate)}**. In brackets: the Wilson interval at 95 % confidence.`,
    `- Cost: ${dollars(total.costUsd)}, ${tokenCount(total.tokens)} tokens`,
    `- Time of all runs: ${duration(total.durationMs)}`,
    ...slices.flatMap(({ by, slices }) => ["", `## By ${by}`, "", ...sliceTable(by, slices)]),
    "",
    "## Rows",
    "",
    ...rowTable(rows),
    ...(troubled.length === 0 ? [] : ["", "## What to look at", "", ...troubled.flatMap(troubleLines)]),
  ].join("\n")}\n`;
}

function sliceTable(by: string, slices: readonly ReportSlice[]): string[] {
  return table(
    [by, "passed", "cost", "tokens", "time"],
    slices.map(({ name, passRate, costUsd, tokens, durationMs }) => [
      ...[escapeText(name), describeRate(passRate), dollars(costUsd), tokenCount(tokens), duration(durationMs)],
    ]),
  );
}

function rowTable(rows: readonly ReportRow[]): string[] {
  return table(
    ["row", "verdict", "prompt", "model", "cost", "tokens", "time", "files"],
    rows.map((row) => [
      escapeText(row.id),
      verdictOfRow(row),
      escapeText(oneLine(row.prompt, 60)),
      escapeText(row.model ?? ""),
      dollars(row.costUsd),
      tokenCount(row.tokens),
      duration(row.durationMs),
      fileCounts(row),
    ]),
  );
}

function troubleLines(row: ReportRow): string[] {
  const reason = row.passed ? "passed, with changes of the agent's taken back" : row.reason;
  const cheats = row.verification?.cheats ?? [];
  return [
    `- **${escapeText(row.id)}** ${verdictOfRow(row)}: ${escapeText(oneLine(reason))}`,
    ...cheats.slice(0, 10).map((cheat) => `  - ${escapeText(describeCheat(cheat))}`),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** No character of it means anything to Markdown or HTML. A backslash before punctuation is the character itself. */
function escapeText(text: string): string {
  return (
    oneLine(text, 300)
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/[\\`*_{}[\]#|~$^]/g, "\\$&")
      // What looks like an address becomes a link, and a name after @ calls somebody.
      .replace(/:\/\//g, ":&#47;&#47;")
      .replace(/@/g, "&#64;")
      .replace(/\bwww\./gi, (match) => `${match.slice(0, 3)}&#46;`)
  );
}
