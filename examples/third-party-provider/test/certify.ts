/** Runs the conformance suite and writes the report. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { certify } from "@glovebox/provider-testkit/certify";
import { conformanceOptions, removeState } from "./conformance-options.ts";

const { stdout } = spawnSync("bwrap", ["--version"], { encoding: "utf8" });
const report = await certify({
  ...conformanceOptions,
  versions: { bubblewrap: stdout.trim().replace(/^bubblewrap /, "") },
  report: fileURLToPath(new URL("../conformance/report", import.meta.url)),
  onResult: ({ status, name, error }) => console.log(status, name, error ?? ""),
});
removeState();
console.log(`${report.durationMs} ms, left behind: ${report.leftBehind}`);
if (report.leftBehind > 0 || report.cases.some(({ status }) => status === "failed")) process.exitCode = 1;
