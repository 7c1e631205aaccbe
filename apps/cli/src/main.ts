import { Output } from "./output.ts";
import { runCli } from "./run-cli.ts";

/** A reader may be slow, as a pager is. After a stop it is not waited for for ever: `glovebox logs` shows the rest. */
const afterStopMs = 5000;

const stdout = new Output(process.stdout, process.env);
const stderr = new Output(process.stderr, process.env);
const exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout,
  stderr,
});
const patienceMs = exitCode === 130 ? afterStopMs : undefined;
await Promise.all([stdout.flush(patienceMs), stderr.flush(patienceMs)]);
process.exit(exitCode);
