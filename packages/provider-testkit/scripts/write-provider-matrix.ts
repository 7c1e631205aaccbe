/** Writes docs/providers.md from the providers' conformance reports; with `--check` fails if it is out of date. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ConformanceReport, conformanceReportSchema } from "../src/certify/index.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const file = join(root, "docs/providers.md");

function readReports(): ConformanceReport[] {
  return ["packages", "examples"]
    .flatMap((directory) =>
      readdirSync(join(root, directory))
        // A harness has a report of another kind.
        .filter((name) => !name.includes("harness"))
        .toSorted()
        .map((name) => join(root, directory, name)),
    )
    .map((directory) => join(directory, "conformance/report.json"))
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
    "<!-- Generated from the conformance reports by packages/provider-testkit/scripts/write-provider-matrix.ts. -->",
    "The results of the last run of the conformance suite against each provider. `passed`: the suite tested this behavior. `unsupported`: the provider does not claim it and rejects it. `skipped`: the provider's own test leaves the case out, for the reason given. [The contract](../packages/core/src/provider/capabilities.ts) defines the capabilities; [the suite's README](../packages/provider-testkit/README.md) explains how it works.",
    table(["Provider", "Tested", "On", "Passed", "Failed", "Unsupported", "Skipped"], reports.map(runRow)),
    "## Capabilities",
    "What each provider can enforce where it was tested.",
    table(["Capability", ...providers], capabilityRows(reports)),
    "## Cases",
    table(["Case", "Behavior", ...providers], caseRows(reports)),
  ]
    .join("\n\n")
    .concat("\n");
}

const text = matrix(readReports());
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
  console.error(
    "docs/providers.md is out of date. Run: node --conditions=@glovebox/source packages/provider-testkit/scripts/write-provider-matrix.ts",
  );
  process.exitCode = 1;
}
