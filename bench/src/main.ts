// Measures Glovebox against the bare engine and prints a table; with --write, keeps it as docs/benchmarks.md.
// Words choose the cases whose titles hold them.
import { writeFileSync } from "node:fs";
import { benchSetup } from "./bench-setup.ts";
import { attach } from "./cases/attach.ts";
import { batchThroughput } from "./cases/batch-throughput.ts";
import { cloudflareCases } from "./cases/cloudflare.ts";
import { e2bCases } from "./cases/e2b.ts";
import { editorMessage } from "./cases/editor-message.ts";
import { egressDown, egressUp, firstToken } from "./cases/egress.ts";
import { transfersIn, transfersOut } from "./cases/file-transfer.ts";
import { firstCommand } from "./cases/first-command.ts";
import { firstEvent } from "./cases/first-event.ts";
import { forks } from "./cases/forks.ts";
import { hundredAtOnce } from "./cases/hundred-at-once.ts";
import { commandInARow, oneCommand } from "./cases/one-command.ts";
import { serverEvents } from "./cases/server-events.ts";
import { serverFirstEvent } from "./cases/server-first-event.ts";
import { serverList } from "./cases/server-list.ts";
import { type CaseReport, reportOf } from "./report.ts";

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const cases = [
  firstCommand,
  oneCommand,
  commandInARow,
  hundredAtOnce,
  batchThroughput,
  firstEvent,
  attach,
  editorMessage,
  serverFirstEvent,
  serverEvents,
  serverList,
  forks,
  firstToken,
  egressDown,
  egressUp,
  ...transfersIn,
  ...transfersOut,
  ...e2bCases,
  ...cloudflareCases,
].filter(({ title }) => words.length === 0 || words.some((word) => title.includes(word)));

await using setup = await benchSetup();
const { Version } = await setup.docker.version();
const reports: CaseReport[] = [];
for (const bench of cases) {
  process.stderr.write(`${bench.title} …\n`);
  reports.push({ bench, samples: await bench.run(setup) });
}
const report = reportOf(reports, Version);
process.stdout.write(report);
if (process.argv.includes("--write")) writeFileSync(new URL("../../docs/benchmarks.md", import.meta.url), report);
