/** Runs the conformance suite and writes the report; with words only the cases whose names hold one, and no report. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { certify } from "@glovebox/provider-testkit/certify";
import { conformanceOptions } from "./conformance-options.ts";

const only = process.argv.slice(2);
const version = execFileSync("podman", ["--version"], { encoding: "utf8" });
const report = await certify({
  ...conformanceOptions,
  versions: { podman: version.trim().replace(/^podman version /, "") },
  ...(only.length > 0 ? { only } : { report: fileURLToPath(new URL("../conformance/report", import.meta.url)) }),
  onResult: ({ status, name, durationMs, error }) =>
    console.log(status.padEnd(11), `${durationMs} ms`, name, error ?? ""),
});
console.log(`${report.durationMs} ms, left behind: ${report.leftBehind}`);
if (report.leftBehind > 0 || report.cases.some(({ status }) => status === "failed")) process.exitCode = 1;
