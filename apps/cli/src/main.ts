#!/usr/bin/env node
import { Output } from "./output.ts";
import { runCli } from "./run-cli.ts";

const stdout = new Output(process.stdout, process.env);
const stderr = new Output(process.stderr, process.env);
const exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout,
  stderr,
});
await Promise.all([stdout.flush(), stderr.flush()]);
process.exit(exitCode);
