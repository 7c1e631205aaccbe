/** Runs the conformance suite and writes the report; with words only the cases whose names hold one, and no report. */
import { fileURLToPath } from "node:url";
import { certify } from "@glovebox/provider-testkit/certify";
import { VersionApi } from "@kubernetes/client-node";
import client from "@kubernetes/client-node/package.json" with { type: "json" };
import { openConformance } from "./conformance-options.ts";
import { testClusterConfig } from "./support/test-cluster.ts";

const only = process.argv.slice(2);
const { gitVersion } = await testClusterConfig().makeApiClient(VersionApi).getCode();
await using conformance = await openConformance();
const report = await certify({
  ...conformance.options,
  versions: { Kubernetes: gitVersion, "its client": client.version },
  ...(only.length > 0 ? { only } : { report: fileURLToPath(new URL("../conformance/report", import.meta.url)) }),
  onResult: ({ name, status, durationMs, error, figures }) =>
    console.log(
      `${status.padEnd(11)} ${durationMs} ms  ${name} ${figures ? JSON.stringify(figures) : ""}${error ?? ""}`,
    ),
});
console.log(`${report.durationMs} ms, left behind: ${report.leftBehind}`);
if (report.leftBehind > 0 || report.cases.some(({ status }) => status === "failed")) process.exitCode = 1;
