/** Writes docs/providers.md from the providers' conformance reports; with `--check` only says whether it is as they are. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ConformanceReport, conformanceReportSchema } from "../packages/provider-testkit/src/certify/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const file = join(root, "docs/providers.md");

function readReports(): ConformanceReport[] {
  return ["packages", "examples"]
    .flatMap((folder) =>
      readdirSync(join(root, folder))
        .toSorted()
        .map((name) => join(root, folder, name)),
    )
    .map((folder) => join(folder, "conformance/report.json"))
    .filter((path) => existsSync(path))
    .map((path) => conformanceReportSchema.parse(JSON.parse(readFileSync(path, "utf8"))));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function runRow({ providerId, versions, node, platform, startedAt, cases }: ConformanceReport): readonly string[] {
  const count = (status: string): string => String(cases.filter((result) => result.status === status).length);
  const tested = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    providerId,
    [...tested, `Node ${node}`, platform].join(", "),
    startedAt.slice(0, 10),
    ...["passed", "failed", "unsupported", "skipped"].map(count),
  ];
}

/** A nested object's values by their path: `resources.cpus`. */
function flattened(value: unknown, path = ""): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return [[path, value.join(", ")]];
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) => flattened(inner, path === "" ? name : `${path}.${name}`));
  }
  return [[path, value === true ? "yes" : value === false ? "no" : String(value)]];
}

function capabilityRows(reports: readonly ConformanceReport[]): readonly (readonly string[])[] {
  const all = reports.map(({ capabilities }) => new Map(flattened(capabilities)));
  const names = [...new Set(all.flatMap((capabilities) => [...capabilities.keys()]))];
  return names.map((name) => [`\`${name}\``, ...all.map((capabilities) => capabilities.get(name) ?? "")]);
}

function caseRows(reports: readonly ConformanceReport[]): readonly (readonly string[])[] {
  const titles = new Map(reports.flatMap(({ cases }) => cases.map(({ name, title }) => [name, title] as const)));
  return [...titles].map(([name, title]) => [
    `\`${name}\``,
    title,
    ...reports.map(({ cases }) => {
      const result = cases.find((each) => each.name === name);
      return result === undefined ? "" : [result.status, result.reason].filter(Boolean).join(": ");
    }),
  ]);
}

function matrix(reports: readonly ConformanceReport[]): string {
  const providers = reports.map(({ providerId }) => providerId);
  return [
    "# Providers",
    "<!-- Made from the reports of the conformance suite by tooling/provider-matrix.ts. -->",
    "What each provider does where the suite was last run against it. `passed`: the rule was tried and holds. `unsupported`: the provider does not claim it, and refuses it when it is asked for. What the capabilities mean is said in [the contract](../packages/core/src/provider/capabilities.ts); how the suite works in [its README](../packages/provider-testkit/README.md).",
    table(["Provider", "Tested", "On", "Passed", "Failed", "Unsupported", "Skipped"], reports.map(runRow)),
    "## Capabilities",
    "The effective ones: what the provider can enforce there.",
    table(["Capability", ...providers], capabilityRows(reports)),
    "## Cases",
    table(["Case", "What holds", ...providers], caseRows(reports)),
  ]
    .join("\n\n")
    .concat("\n");
}

const text = matrix(readReports());
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
  console.error(
    "docs/providers.md is not as the reports are: node --conditions=@glovebox/source tooling/provider-matrix.ts",
  );
  process.exitCode = 1;
}
