/** Writes the matrix in docs/harnesses.md from the harnesses' reports; with `--check` fails if it is out of date. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type HarnessReport, harnessCases, harnessReportSchema } from "../src/certify/index.ts";
import { repositoryHarnesses } from "./repository-harnesses.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const file = join(root, "docs/harnesses.md");
const [begin, end] = ["<!-- matrix: begin -->", "<!-- matrix: end -->"];

function readReports(): readonly HarnessReport[] {
  return repositoryHarnesses
    .map(({ report }) => join(root, `${report}.json`))
    .filter((path) => existsSync(path))
    .map((path) => harnessReportSchema.parse(JSON.parse(readFileSync(path, "utf8"))));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function runRow({ harnessId, program, api, providerId, platform, startedAt, cases }: HarnessReport): readonly string[] {
  const count = (status: string): string => String(cases.filter((result) => result.status === status).length);
  return [
    ...[harnessId, program, `\`${api}\``, `${providerId}, ${platform}`, startedAt.slice(0, 10)],
    ...["passed", "failed", "unsupported", "skipped"].map(count),
  ];
}

/** A result, and how the run of the case ended. */
function cellOf(report: HarnessReport, name: string): string {
  const result = report.cases.find((each) => each.name === name);
  if (result === undefined) return "";
  const { status, reason, ending, alone } = result;
  const how = ending === undefined ? undefined : /^(.+?), exit code (\d+)/.exec(ending)?.[2];
  const exit = how === undefined ? "" : ` (${how})`;
  const said = `${status}${alone ? " alone" : ""}${exit}`;
  return reason === undefined ? said : `${status}: ${reason}`;
}

function matrix(reports: readonly HarnessReport[]): string {
  const heads = ["Harness", "Program", "API", "In", "On", "Passed", "Failed", "Unsupported", "Skipped"];
  const rows = harnessCases.map(({ name, title }) => [
    `\`${name}\``,
    title,
    ...reports.map((report) => cellOf(report, name)),
  ]);
  return [
    begin,
    "<!-- Generated from the harnesses' reports by packages/harness-testkit/scripts/write-harness-matrix.ts. -->",
    table(heads, reports.map(runRow)),
    "In parentheses: the exit code of the case's run. `alone`: the case failed while others were running, and this is its result without them.",
    table(["Case", "Behavior", ...reports.map(({ harnessId }) => harnessId)], rows),
    end,
  ].join("\n\n");
}

const page = readFileSync(file, "utf8");
const [start, stop] = [page.indexOf(begin), page.indexOf(end)];
if (start === -1 || stop === -1) throw new Error(`docs/harnesses.md has no ${begin} and ${end}`);
const text = `${page.slice(0, start)}${matrix(readReports())}${page.slice(stop + end.length)}`;
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (text !== page) {
  console.error(
    "docs/harnesses.md is out of date. Run: node --conditions=@glovebox/source packages/harness-testkit/scripts/write-harness-matrix.ts",
  );
  process.exitCode = 1;
}
