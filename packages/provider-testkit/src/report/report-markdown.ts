import type { ConformanceReport } from "./conformance-report.ts";
import { survivedFaults } from "./survived-faults.ts";

type Case = ConformanceReport["cases"][number];

/** The report for people. */
export function reportMarkdown(report: ConformanceReport): string {
  const { providerId, versions, node, platform, startedAt, durationMs, cases, leftBehind } = report;
  const count = (status: Case["status"]): number => cases.filter((result) => result.status === status).length;
  const tested = Object.entries({ ...versions, node, platform }).map(([name, version]) => `${name} ${version}`);
  const figures = cases.flatMap(({ name, figures }) =>
    Object.entries(figures ?? {}).map(([figure, value]) => `| ${name} | ${figure} | ${value} |`),
  );
  return [
    `# Conformance of the provider ${providerId}`,
    `${tested.join(", ")}. ${startedAt}, ${seconds(durationMs)}.`,
    `**${count("passed")} passed, ${count("failed")} failed, ${count("unsupported")} unsupported, ${count("skipped")} skipped.** Survived faults: ${survivedFaults(cases)}. Sandboxes left behind: ${leftBehind}.`,
    ["| Case | Behavior | Result | Time |", "|---|---|---|---|", ...cases.map(row)].join("\n"),
    ...(figures.length === 0 ? [] : [["| Case | Figure | Value |", "|---|---|---|", ...figures].join("\n")]),
  ]
    .join("\n\n")
    .concat("\n");
}

function row({ name, title, status, reason, durationMs }: Case): string {
  const said = reason === undefined ? status : `${status}: ${reason}`;
  return `| ${name} | ${cell(title)} | ${cell(said)} | ${seconds(durationMs)} |`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
