import { packageName, version } from "./built-in.ts";
import { Output } from "./output.ts";
import { runCli } from "./run-cli.ts";
import { wantsUpdateCheck } from "./update/wants-update-check.ts";

/** A reader may be slow, as a pager is. After a stop it is not waited for for ever: `glovebox logs` shows the rest. */
const afterStopMs = 5000;

const stdout = new Output(process.stdout, process.env);
const stderr = new Output(process.stderr, process.env);
const terminal = { env: process.env, cwd: process.cwd(), stdin: process.stdin, stdout, stderr };
const argv = process.argv.slice(2);
const notice = wantsUpdateCheck(argv, terminal) ? startNotice() : undefined;
const exitCode = await runCli(argv, terminal);
(await notice)?.end();
const patienceMs = exitCode === 130 ? afterStopMs : undefined;
await Promise.all([stdout.flush(patienceMs), stderr.flush(patienceMs)]);
process.exit(exitCode);

async function startNotice() {
  const { UpdateNotice } = await import("./update/update-notice.ts");
  const started = new UpdateNotice({ terminal, packageName, version });
  void started.look();
  return started;
}
