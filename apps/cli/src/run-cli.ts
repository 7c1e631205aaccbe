import type { Cli } from "./cli.ts";
import { exitCodeForError } from "./exit-codes.ts";
import { printError } from "./print/print-error.ts";
import { createProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";

/** Runs one command line to its end. Resolves to the exit code, and never rejects. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { own, passedThrough } = split(argv);
  let exitCode = 0;
  const cli: Cli = {
    terminal,
    passedThrough,
    act:
      (work) =>
      async (...args) => {
        exitCode = await work(...args);
      },
  };
  try {
    await createProgram(cli).parseAsync(own, { from: "user" });
    return exitCode;
  } catch (error) {
    printError(error, terminal.stderr, terminal.env);
    return exitCodeForError(error);
  }
}

/** Everything after the first `--` is the harness's. Options without a command are those of `run`. */
function split(argv: readonly string[]): { readonly own: string[]; readonly passedThrough: readonly string[] } {
  const end = argv.indexOf("--");
  const own = end === -1 ? [...argv] : argv.slice(0, end);
  const first = own[0];
  if (first === undefined) own.push(end === -1 ? "--help" : "run");
  else if (first.startsWith("-") && !["-h", "--help", "-V", "--version"].includes(first)) own.unshift("run");
  return { own, passedThrough: end === -1 ? [] : argv.slice(end + 1) };
}
