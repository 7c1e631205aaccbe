import { Command } from "commander";
import { version } from "./built-in.ts";
import type { Cli, CommandFactory } from "./cli.ts";
import { applyCommand } from "./commands/apply.ts";
import { batchCommand } from "./commands/batch/batch.ts";
import { certifyCommand } from "./commands/certify.ts";
import { completionCommand } from "./commands/completion.ts";
import { componentsCommand } from "./commands/components.ts";
import { configCommand } from "./commands/config.ts";
import { demoCommand } from "./commands/demo.ts";
import { diffCommand } from "./commands/diff.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { harnessesCommand } from "./commands/harnesses.ts";
import { attachCommand } from "./commands/inside/attach.ts";
import { cpCommand } from "./commands/inside/cp.ts";
import { execCommand } from "./commands/inside/exec.ts";
import { openCommand } from "./commands/inside/open.ts";
import { pauseCommand } from "./commands/inside/pause.ts";
import { portCommand } from "./commands/inside/port.ts";
import { shellCommand } from "./commands/inside/shell.ts";
import { snapshotCommand } from "./commands/inside/snapshot.ts";
import { sshCommand } from "./commands/inside/ssh.ts";
import { statsCommand } from "./commands/inside/stats.ts";
import { wakeCommand } from "./commands/inside/wake.ts";
import { loginCommand } from "./commands/login.ts";
import { logoutCommand } from "./commands/logout.ts";
import { logsCommand } from "./commands/logs.ts";
import { networkCommand } from "./commands/network.ts";
import { providersCommand } from "./commands/providers.ts";
import { psCommand } from "./commands/ps.ts";
import { reapCommand } from "./commands/reap.ts";
import { rmCommand } from "./commands/rm.ts";
import { runCommand } from "./commands/run.ts";
import { costCommand } from "./commands/runs/cost.ts";
import { monitorCommand } from "./commands/runs/monitor.ts";
import { shareCommand } from "./commands/runs/share.ts";
import { stopCommand } from "./commands/runs/stop.ts";
import { verifyCommand } from "./commands/runs/verify.ts";
import { waitCommand } from "./commands/runs/wait.ts";
import { serveCommand } from "./commands/serve.ts";
import { acpCommand } from "./commands/session/acp.ts";
import { forkCommand } from "./commands/session/fork.ts";
import { resumeCommand } from "./commands/session/resume.ts";
import { sessionFilesCommand } from "./commands/session/session-files.ts";
import { templateCommand } from "./commands/template/template.ts";
import { versionCommand } from "./commands/version.ts";
import { workerCommand } from "./commands/worker.ts";
import { exitCodesHelp } from "./exit-codes.ts";
import { suggestChoices } from "./options/suggest-choices.ts";

/** The commands by the headings under which the help lists them. */
const groups: Readonly<Record<string, readonly CommandFactory[]>> = {
  "Run prompts:": [runCommand, resumeCommand, forkCommand, batchCommand, acpCommand, demoCommand],
  "Follow and stop runs:": [
    psCommand,
    monitorCommand,
    logsCommand,
    waitCommand,
    stopCommand,
    networkCommand,
    costCommand,
  ],
  "Use the results:": [diffCommand, verifyCommand, applyCommand, shareCommand, sessionFilesCommand],
  "Clean up:": [reapCommand, rmCommand],
  "Inside a sandbox:": [
    attachCommand,
    execCommand,
    shellCommand,
    cpCommand,
    openCommand,
    portCommand,
    sshCommand,
    statsCommand,
    pauseCommand,
    wakeCommand,
    snapshotCommand,
  ],
  "What goes into a sandbox:": [componentsCommand, templateCommand],
  "Set-up:": [
    doctorCommand,
    loginCommand,
    logoutCommand,
    configCommand,
    providersCommand,
    harnessesCommand,
    completionCommand,
    versionCommand,
  ],
  "For developers:": [serveCommand, workerCommand, certifyCommand],
};

/** Every command with its options, and those of plugins. Nothing heavier than commander is loaded before one of them acts. */
export function createProgram(cli: Cli, ofPlugins: readonly Command[] = []): Command {
  const program = new Command("glovebox")
    .description("Run a coding agent in a completely isolated sandbox, and bring every file back.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    // Taken before commands are parsed: it precedes every one of them.
    .option("--server <url>", "work with the runs of a server; with `login`, save a token for it")
    // What stands after a command is the command's: `run --prompt --version` is a prompt.
    .enablePositionalOptions()
    .addHelpText("after", () => epilogue());
  const own = Object.entries(groups).flatMap(([heading, factories]) =>
    factories.map((factory) => factory(cli).helpGroup(heading)),
  );
  const names = new Set(own.map((command) => command.name()));
  const added = ofPlugins.filter((command) => !names.has(command.name()));
  for (const command of added) command.helpGroup("Of harnesses and providers:");
  const setUp = own.findIndex((command) => command.helpGroup() === "Set-up:");
  for (const command of own.toSpliced(setUp, 0, ...added)) program.addCommand(command);
  prepare(program, cli);
  return program;
}

/** commander neither prints errors nor ends the process: both have one place of their own. */
function prepare(command: Command, cli: Cli): void {
  const { stdout } = cli.terminal;
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: () => {},
    outputError: () => {},
    getOutHelpWidth: () => Math.min(stdout.columns, 120),
    getOutHasColors: () => false,
  });
  const hasHelp = command
    .createHelp()
    .visibleOptions(command)
    .some(({ long }) => long === "--help");
  if (hasHelp) command.helpOption("-h, --help", "print this help");
  if (command.commands.length > 0)
    command.addHelpCommand(helpCommand(command.parent === null ? "Set-up:" : "Commands:"));
  for (const option of command.options) suggestChoices(option);
  for (const child of command.commands) prepare(child, cli);
}

function helpCommand(group: string): Command {
  return new Command("help")
    .helpOption(false)
    .argument("[command]")
    .description("print the help of a command")
    .helpGroup(group);
}

function epilogue(): string {
  return `
Examples:
  glovebox demo
  glovebox run "Build a todo app"
  glovebox run --workspace . "Fix the failing test" && glovebox apply

${exitCodesHelp()}`;
}
