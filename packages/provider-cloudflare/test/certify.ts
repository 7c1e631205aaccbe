/** Runs the conformance suite and writes the report; with words only the cases whose names hold one, and no report. */
import { fileURLToPath } from "node:url";
import { certify } from "@glovebox/provider-testkit/certify";
import { conformanceOptions, testedWorker } from "./conformance-options.ts";

const only = process.argv.slice(2);
await using worker = await testedWorker();
const report = await certify({
  ...conformanceOptions(worker),
  versions: worker.versions,
  ...(only.length > 0 ? { only } : { report: fileURLToPath(new URL("../conformance/report", import.meta.url)) }),
  onResult: ({ name, status, durationMs, error, figures }) =>
    console.log(
      `${status.padEnd(11)} ${durationMs} ms  ${name} ${figures ? JSON.stringify(figures) : ""}${error ?? ""}`,
    ),
});
console.log(`${report.durationMs} ms, left behind: ${report.leftBehind}`);
if (report.leftBehind > 0 || report.cases.some(({ status }) => status === "failed")) process.exitCode = 1;
