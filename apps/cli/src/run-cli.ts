import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { type Command, CommanderError } from "commander";
import { builtIn } from "./built-in.ts";
import type { Cli } from "./cli.ts";
import { exitCodeForError } from "./exit-codes.ts";
import { type AddedCommand, addedCommands, createAddedCommands } from "./plugins/plugin-commands.ts";
import { printError } from "./print/print-error.ts";
import { quotedPrompt } from "./print/quoted-prompt.ts";
import { createProgram } from "./program.ts";
import { chooseServer } from "./remote/server/choose-server.ts";
import { takeServerFlag } from "./remote/server/server-flag.ts";
import { runnerCommand } from "./runner/runner-command.ts";
import type { Terminal } from "./terminal.ts";

/** Runs one command line to its end. Resolves to the exit code, and never rejects. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  let current = terminal;
  try {
    const { server, rest } = takeServerFlag(argv);
    const { own, passedThrough } = splitArguments(rest);
    const cli: Cli = {
      get terminal() {
        return current;
      },
      passedThrough,
      act:
        (work) =>
        async (...args) => {
          exitCode = await work(...args);
        },
    };
    if (own[0] === runnerCommand) {
      const { carryDetached } = await import("./runner/runner.ts");
      return await carryDetached(terminal);
    }
    const added = addedCommands(stateDirectory(terminal.env));
    // `glovebox image ls` and `glovebox help image`.
    const isCompletion = own[0] === "__complete";
    const named = isCompletion ? passedThrough : own.slice(0, 2);
    requireInstalled(own[0], added);
    const ofPlugins = await createAddedCommands(cli, added, (name) => named.includes(name));
    const program = createProgram(cli, ofPlugins);
    program.hook("preAction", async (_, command) => {
      current = await terminalFor(command, server, terminal);
    });
    if (isCompletion) {
      const { printCandidates } = await import("./completion/print-candidates.ts");
      return printCandidates(program, cli);
    }
    await program.parseAsync(own, { from: "user" }).catch((error: unknown) => {
      throw asPrompt(error, program.args);
    });
    return exitCode;
  } catch (error) {
    printError(error, terminal.stderr, current.env);
    return exitCodeForError(error);
  }
}

/** The terminal of a command that works with a server. Texts then speak of `glovebox --server URL`, as it was typed. */
async function terminalFor(command: Command, flag: string | undefined, terminal: Terminal): Promise<Terminal> {
  const server = await chooseServer(topCommand(command), flag, terminal);
  if (server === undefined) return terminal;
  if (flag === undefined) return { ...terminal, server };
  const { GLOVEBOX_COMMAND: name = "glovebox" } = terminal.env;
  return { ...terminal, server, env: { ...terminal.env, GLOVEBOX_COMMAND: `${name} --server ${server}` } };
}

/** The name of a command of the program: `batch` for `glovebox batch list`. */
function topCommand(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : topCommand(parent);
}

/** Several words of which the first is like no command are a prompt: the error shows how to run it. */
function asPrompt(error: unknown, words: readonly string[]): unknown {
  if (!(error instanceof CommanderError) || error.code !== "commander.unknownCommand") return error;
  if (words.length < 2 || error.message.includes("Did you mean")) return error;
  return new InvalidOptionsError(`Unknown command ${JSON.stringify(words[0])}`, {
    hint: `A prompt goes to run: ${quotedPrompt(words)}`,
    cause: error,
  });
}

/** Throws for the command of a published plugin that is not installed. */
function requireInstalled(name: string | undefined, added: readonly AddedCommand[]): void {
  const plugin = name === undefined ? undefined : builtIn.publishedCommands[name];
  if (plugin === undefined || added.some((command) => command.name === name)) return;
  throw new InvalidOptionsError(`\`glovebox ${name}\` belongs to the provider ${plugin}, which is not installed`, {
    hint: `Install it: \`glovebox providers add ${plugin}\`.`,
  });
}

/** Everything after the first `--` is the harness's. Options without a command are those of `run`. */
export function splitArguments(argv: readonly string[]): {
  readonly own: string[];
  readonly passedThrough: readonly string[];
} {
  const end = argv.indexOf("--");
  const own = end === -1 ? [...argv] : argv.slice(0, end);
  const first = own[0];
  if (first === undefined) own.push(end === -1 ? "--help" : "run");
  else if (first.startsWith("-") && !["-h", "--help", "-V", "--version"].includes(first)) own.unshift("run");
  return { own, passedThrough: end === -1 ? [] : argv.slice(end + 1) };
}
