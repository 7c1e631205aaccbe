import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type ConformanceReport, conformanceReportSchema } from "./conformance-report.ts";
import { reportMarkdown } from "./report-markdown.ts";

/** Writes `<path>.json` and `<path>.md`. */
export async function writeReport(path: string, report: ConformanceReport): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.json`, `${JSON.stringify(conformanceReportSchema.parse(report), undefined, 2)}\n`);
  await writeFile(`${path}.md`, reportMarkdown(report));
}
