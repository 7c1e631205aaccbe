/**
 * Certifies harnesses of this repository with their real programs, in sandboxes by bubblewrap, and writes their reports:
 *
 *     node --conditions=@glovebox/source packages/harness-testkit/scripts/certify-harnesses.ts [id…] [-- words of cases…]
 *
 * Without ids it certifies all. A case that fails is run again, alone. With words it runs only the cases whose names contain
 * one, and replaces them in a report of the same program that is there.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createBubblewrapProvider } from "../../../examples/third-party-provider/src/index.ts";
import { certify, type HarnessReport, harnessReportSchema } from "../src/certify/index.ts";
import { writeReport } from "../src/report/write-report.ts";
import { repositoryHarnesses } from "./repository-harnesses.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const words = process.argv.slice(2);
const dash = words.includes("--") ? words.indexOf("--") : words.length;
const [ids, only] = [words.slice(0, dash), words.slice(dash + 1)];
const unknown = ids.filter((id) => !repositoryHarnesses.some((each) => each.id === id));
if (unknown.length > 0) throw new Error(`There is no harness ${unknown.join(", ")}`);

// With a template of each program, some hundred megabytes: a directory that is named stays, and is used again.
const named = process.env.GLOVEBOX_CERTIFY_STATE;
const stateDir = named ?? mkdtempSync(join(tmpdir(), "glovebox-certify-"));
try {
  for (const { id, report: path, options } of repositoryHarnesses) {
    if (ids.length > 0 && !ids.includes(id)) continue;
    const report = await certify({
      ...options,
      provider: createBubblewrapProvider({ stateDir }),
      timeFactor: Number(process.env.GLOVEBOX_CERTIFY_TIME_FACTOR ?? 1),
      ...(only.length > 0 ? { only } : {}),
      againAlone: true,
      onResult: ({ name, status, reason, error, ending = "", durationMs }) =>
        console.log(
          `${status.padEnd(11)} ${durationMs} ms  ${id} ${name}  ${reason ?? ending}${error ? `\n${error}` : ""}`,
        ),
    });
    const whole = only.length > 0 ? replaced(join(root, path), report) : report;
    if (whole !== undefined) await writeReport(join(root, path), withoutRoot(whole));
    console.log(`${id}: ${report.durationMs} ms, left behind: ${report.leftBehind}`);
    if (report.leftBehind > 0 || report.cases.some(({ status }) => status === "failed")) process.exitCode = 1;
  }
} finally {
  if (named === undefined) rmSync(stateDir, { recursive: true, force: true });
}

/** The report without the place of this repository, which is in the traces of errors. */
function withoutRoot(report: HarnessReport): HarnessReport {
  const text = JSON.stringify(report).replaceAll(`file://${root}`, "").replaceAll(root, "");
  return harnessReportSchema.parse(JSON.parse(text));
}

/** The report that is there, with the cases of this one; `undefined` where none of the same program is there. */
function replaced(path: string, { program, cases, leftBehind }: HarnessReport): HarnessReport | undefined {
  if (!existsSync(`${path}.json`)) return undefined;
  const before = harnessReportSchema.parse(JSON.parse(readFileSync(`${path}.json`, "utf8")));
  if (before.program !== program) return undefined;
  const kept = before.cases.filter(({ name }) => !cases.some((one) => one.name === name));
  return {
    ...before,
    leftBehind: before.leftBehind + leftBehind,
    cases: [...kept, ...cases].toSorted((a, b) => a.name.localeCompare(b.name)),
  };
}
