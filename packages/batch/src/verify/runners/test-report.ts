import { posix } from "node:path";
import { workspaceDir } from "@glovebox/core/provider";
import { z } from "zod";

const countsSchema = z.object({
  passed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
  /** Whether the file could not be loaded, or something outside of a test failed. */
  broken: z.boolean(),
});
/** The tests of one file by how they ended. */
export type TestCounts = z.infer<typeof countsSchema>;

/** The tests that ran, by the path of their file in the workspace. */
export type TestReport = ReadonlyMap<string, TestCounts>;

const ownSchema = z.object({ files: z.record(z.string(), countsSchema) });

/** What vitest and jest write. */
const jestSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string().optional(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/** Reads a report that a test runner wrote in the sandbox; `undefined` for anything else. Untrusted text. */
export function parseTestReport(name: string, text: string): TestReport | undefined {
  if (name.endsWith(".xml")) return parseJUnit(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Cut short, or somebody else's: no evidence.
    return undefined;
  }
  const own = ownSchema.safeParse(value);
  if (own.success)
    return mergeReports([new Map(Object.entries(own.data.files).map(([path, counts]) => [relative(path), counts]))]);
  const jest = jestSchema.safeParse(value);
  if (!jest.success) return undefined;
  return mergeReports(
    jest.data.testResults.map(({ name: path, status, assertionResults }) => {
      const count = (...statuses: string[]) => assertionResults.filter((one) => statuses.includes(one.status)).length;
      const [passed, failed] = [count("passed"), count("failed")];
      const skipped = assertionResults.length - passed - failed;
      return new Map([[relative(path), { passed, failed, skipped, broken: status === "failed" && failed === 0 }]]);
    }),
  );
}

/** What pytest writes: a `testcase` for each test, with the file's path from the workspace. */
function parseJUnit(text: string): TestReport | undefined {
  if (!text.includes("</testsuites>") && !text.includes("</testsuite>")) return undefined;
  const reports: TestReport[] = text
    .split("<testcase")
    .slice(1)
    .map((part) => {
      const head = part.slice(0, part.indexOf(">") + 1);
      const file = /\sfile="([^"]*)"/.exec(head)?.[1] ?? /\sname="([^"]*)"/.exec(head)?.[1] ?? "";
      const body = head.endsWith("/>") ? "" : part.slice(0, Math.max(0, part.indexOf("</testcase>")));
      const [failed, broken, skipped] = ["<failure", "<error", "<skipped"].map((tag) => body.includes(tag));
      const counts = {
        passed: failed || broken || skipped ? 0 : 1,
        failed: failed ? 1 : 0,
        skipped: skipped ? 1 : 0,
        broken: broken === true,
      };
      return new Map([[relative(unescapeXml(file)), counts]]);
    });
  return mergeReports(reports);
}

/** The reports of several processes as one. */
export function mergeReports(reports: readonly TestReport[]): TestReport {
  const merged = new Map<string, TestCounts>();
  for (const report of reports) {
    for (const [path, one] of report) {
      const { passed = 0, failed = 0, skipped = 0, broken = false } = merged.get(path) ?? {};
      merged.set(path, {
        passed: passed + one.passed,
        failed: failed + one.failed,
        skipped: skipped + one.skipped,
        broken: broken || one.broken,
      });
    }
  }
  return merged;
}

function relative(path: string): string {
  return path.startsWith("/") ? posix.relative(workspaceDir, path) : path;
}

function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? "");
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
