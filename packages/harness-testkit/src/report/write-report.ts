import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type HarnessReport, harnessReportSchema } from "./harness-report.ts";
import { reportMarkdown } from "./report-markdown.ts";

/** Writes `<path>.json` and `<path>.md`. */
export async function writeReport(path: string, report: HarnessReport): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.json`, `${JSON.stringify(harnessReportSchema.parse(report), undefined, 2)}\n`);
  await writeFile(`${path}.md`, reportMarkdown(report));
}
