import { plainText } from "@glovebox/core/text";
import type { BatchReport } from "./batch-report.ts";
import type { ReportRow } from "./report-row.ts";
import { describeCheat, oneLine, severalLines, verdictOfRow } from "./report-text.ts";

const maxOutput = 4000;

/**
 * A report as JUnit XML, in the form that CI systems read (the schema of Jenkins): a suite for each group and a test case for
 * each row. A row that is not decided is skipped; one that Glovebox could not run or verify is an error.
 */
export function junitReport(report: BatchReport): string {
  const groups = new Map<string, ReportRow[]>();
  for (const row of report.rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  const suites = [...groups].map(([name, rows]) => suite(name, rows, report.createdAt));
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `glovebox batch ${report.id}`, ...counts(report.rows) })}>`,
    ...suites,
    "</testsuites>",
  ].join("\n")}\n`;
}

function suite(name: string, rows: readonly ReportRow[], createdAt: string): string {
  const timestamp = createdAt.replace(/\.\d+Z?$|Z$/, "");
  const skipped = String(rows.filter((row) => kindOf(row) === "skipped").length);
  return [
    `  <testsuite${attributes({ name, ...counts(rows), skipped, timestamp })}>`,
    ...rows.map((row) => testcase(row)),
    "  </testsuite>",
  ].join("\n");
}

function counts(rows: readonly ReportRow[]): Record<string, string> {
  const of = (kind: Kind) => String(rows.filter((row) => kindOf(row) === kind).length);
  return {
    tests: String(rows.length),
    failures: of("failure"),
    errors: of("error"),
    time: seconds(rows.reduce((sum, { durationMs }) => sum + durationMs, 0)),
  };
}

type Kind = "passed" | "failure" | "error" | "skipped";

function kindOf({ passed, isDecided, status, verification }: ReportRow): Kind {
  if (passed) return "passed";
  if (verification?.verdict === "not-verified" || status === "not-started") return "error";
  return isDecided ? "failure" : "skipped";
}

function testcase(row: ReportRow): string {
  const { id, group, prompt, durationMs, verification } = row;
  const name = `${id}: ${oneLine(prompt, 100)}`;
  const open = `    <testcase${attributes({ name, classname: `${group}.${row.model ?? row.harness}`, time: seconds(durationMs) })}`;
  const kind = kindOf(row);
  const output = severalLines(verification?.outputTail ?? "", maxOutput);
  const children = [
    ...(kind === "passed" ? [] : [kind === "skipped" ? "      <skipped/>" : problem(kind, row)]),
    ...(output === "" ? [] : [`      <system-out>${escapeXml(output)}</system-out>`]),
  ];
  return children.length === 0 ? `${open}/>` : [`${open}>`, ...children, "    </testcase>"].join("\n");
}

function problem(kind: Kind, row: ReportRow): string {
  const lines = (row.verification?.cheats ?? []).map(describeCheat).join("\n");
  return `      <${kind}${attributes({ message: oneLine(row.reason, 500), type: verdictOfRow(row) })}>${escapeXml(lines)}</${kind}>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join("");
}

/** Text without the characters that XML has no place for, however they are written. */
function escapeXml(text: string): string {
  return plainText(text)
    .replace(/[\ufffe\uffff]/g, "")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&apos;");
}
