import type { HarnessReport } from "./harness-report.ts";

type Case = HarnessReport["cases"][number];

/** The report for people. */
export function reportMarkdown(report: HarnessReport): string {
  const { harnessId, program, api, versions, providerId, node, platform, startedAt, durationMs, cases } = report;
  const count = (status: Case["status"]): number => cases.filter((result) => result.status === status).length;
  const tested = Object.entries({ ...versions, node, platform }).map(([name, version]) => `${name} ${version}`);
  return [
    `# Certification of the harness ${harnessId}`,
    `${program}, on ${api}, in the provider ${providerId}. ${tested.join(", ")}. ${startedAt}, ${seconds(durationMs)}.`,
    `**${count("passed")} passed, ${count("failed")} failed, ${count("unsupported")} unsupported, ${count("skipped")} skipped.** Sandboxes left behind: ${report.leftBehind}.`,
    ["| Case | Behavior | Result | The run | Time |", "|---|---|---|---|---|", ...cases.map(row)].join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

function row({ name, title, status, reason, alone, ending = "", durationMs }: Case): string {
  const result = alone ? `${status}, alone` : status;
  const said = reason === undefined ? result : `${result}: ${reason}`;
  return `| ${[name, title, said, ending, seconds(durationMs)].map(cell).join(" | ")} |`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
