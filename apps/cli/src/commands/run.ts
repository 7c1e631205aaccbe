import { Argument, Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { gather, gatherList, parseAmount, parseDuration, parseSize, parseWhole } from "../config/option-values.ts";
import type { RunOptions } from "../config/run-options.ts";
import { exitCodesHelp } from "../exit-codes.ts";
import { componentOptions } from "./component-options.ts";
import { networkOptions } from "./network-options.ts";

const help = `
The prompt comes from one place: the argument, --prompt, --prompt-file, or standard input. One that starts with a dash
is given as --prompt=…. Everything after -- goes to Claude Code as it is.

Options win over GLOVEBOX_… variables, these over ~/.glovebox/config.json. The project's glovebox.config.json can only
narrow; of its .env only the model's key is read. The key never enters the sandbox.

Examples:
  glovebox run "Build a todo app"
  glovebox run --workspace . --timeout 1h "Fix the failing test"
  cat task.md | glovebox run --output ./result --json
  glovebox run --model opus "Review this" -- --disallowedTools WebSearch

${exitCodesHelp()}`;

/** `glovebox run`. */
export function runCommand(cli: Cli): Command {
  const command = new Command("run")
    .summary("run a prompt in a sandbox and bring the files back")
    .description(
      "Runs Claude Code with a prompt in a sealed sandbox, shows what happens, brings every file back, and cleans up.",
    )
    .addArgument(new Argument("[prompt]", "what to do"))
    .addHelpText("after", help);
  for (const option of [
    ...taskOptions(),
    ...placeOptions(),
    ...componentOptions(),
    ...networkOptions(),
    ...limitOptions(),
    ...sandboxOptions(),
    ...outputOptions(),
  ]) {
    command.addOption(option);
  }
  return command.action(
    cli.act(async (argument: string | undefined, options: RunOptions) => {
      const { startRun } = await import("../run/start-run.ts");
      return await startRun({ argument, options, extraArgs: cli.passedThrough, terminal: cli.terminal });
    }),
  );
}

function taskOptions(): Option[] {
  return [
    new Option("--prompt <text>", "the prompt"),
    new Option("--prompt-file <file>", "a file that holds the prompt; - for standard input"),
    new Option("--model <name>", "the model").env("GLOVEBOX_MODEL"),
    new Option("--max-turns <n>", "stop after so many turns").argParser(parseWhole).env("GLOVEBOX_MAX_TURNS"),
    new Option("--max-cost <usd>", "what the models may cost in all; enforced outside the sandbox")
      .argParser(parseAmount)
      .env("GLOVEBOX_MAX_COST"),
    new Option("--max-budget-usd <amount>", "Claude Code's own limit of cost: it stops itself")
      .argParser(parseAmount)
      .env("GLOVEBOX_MAX_BUDGET_USD"),
    new Option("--allowed-tools <names>", "tools that need no permission, by commas (repeatable)").argParser(
      gatherList,
    ),
    new Option("--append-system-prompt <text>", "added to the system prompt"),
    new Option("--anthropic-api-key <key>", "the key; visible in the process list, so prefer ANTHROPIC_API_KEY"),
    new Option("--e2b-api-key <key>", "E2B's key; visible in the process list, so prefer E2B_API_KEY"),
  ];
}

function placeOptions(): Option[] {
  return [
    new Option(
      "--provider <name>",
      "where the sandbox runs: docker, e2b, cloudflare, a package, or a path (default: docker)",
    ).env("GLOVEBOX_PROVIDER"),
    new Option("--sandbox <name>", "the same as --provider"),
    new Option("--harness <name>", "what works in it: claude-code, a package, or a path (default: claude-code)").env(
      "GLOVEBOX_HARNESS",
    ),
    new Option("-d, --directory <dir>", "work as if started in this folder"),
    new Option("--workspace <dir>", "a project that goes in first; bring the changes back with apply"),
    new Option("--output <dir>", "where the files go (default: ./sandbox-<run id>)").env("GLOVEBOX_OUTPUT"),
    new Option("--ignore <pattern>", "leave out of the result, as in .gitignore (repeatable)").argParser(gather),
    new Option("--mount <host:sandbox[:ro]>", "a folder of this host inside (repeatable)").argParser(gather),
    new Option("--env <name[=value]>", "a variable inside; without a value, the host's own (repeatable)").argParser(
      gather,
    ),
    new Option("--env-file <file>", "variables inside, from a file (repeatable)").argParser(gather),
    new Option("--label <key=value>", "a label of the sandbox (repeatable)").argParser(gather),
  ];
}

function limitOptions(): Option[] {
  return [
    new Option("--timeout <duration>", "the whole run (default: 30m)").argParser(parseDuration).env("GLOVEBOX_TIMEOUT"),
    new Option("--idle-timeout <duration>", "without a sign of life (default: 10m)")
      .argParser(parseDuration)
      .env("GLOVEBOX_IDLE_TIMEOUT"),
    new Option("--lease <duration>", "how long a sandbox outlives this process (default: 5m)")
      .argParser(parseDuration)
      .env("GLOVEBOX_LEASE"),
    new Option("--cpus <n>", "processors").argParser(parseAmount).env("GLOVEBOX_CPUS"),
    new Option("--memory <size>", "memory, swap included: 4g").argParser(parseSize).env("GLOVEBOX_MEMORY"),
    new Option("--pids <n>", "processes and threads").argParser(parseWhole).env("GLOVEBOX_PIDS"),
    new Option("--open-files <n>", "open files a process").argParser(parseWhole).env("GLOVEBOX_OPEN_FILES"),
    new Option("--tmp-size <size>", "size of /tmp; it counts as memory").argParser(parseSize).env("GLOVEBOX_TMP_SIZE"),
    new Option("--disk <size>", "disk, where the provider can limit it").argParser(parseSize).env("GLOVEBOX_DISK"),
    new Option("--max-file-size <size>", "the largest file that is brought back (default: 5g)")
      .argParser(parseSize)
      .env("GLOVEBOX_MAX_FILE_SIZE"),
    new Option("--max-total-size <size>", "the most that is brought back in all (default: 10g)")
      .argParser(parseSize)
      .env("GLOVEBOX_MAX_TOTAL_SIZE"),
  ];
}

function sandboxOptions(): Option[] {
  return [
    new Option("--image <name>", "start from this image").env("GLOVEBOX_IMAGE"),
    new Option("--template <name>", "start from this template of the provider; the same as --image"),
    new Option("--dockerfile <file>", "start from this Dockerfile; its folder is the context").env(
      "GLOVEBOX_DOCKERFILE",
    ),
    new Option("--build-arg <key=value>", "a build argument of the Dockerfile (repeatable)").argParser(gather),
    new Option("--runtime <name>", "the engine's runtime, such as runsc or kata").env("GLOVEBOX_RUNTIME"),
    new Option("--root-inside", "let apt and sudo work inside; the agent can then reach the supervisor"),
    new Option("--keep", "leave the sandbox running until its lease ends"),
  ];
}

function outputOptions(): Option[] {
  return [
    new Option("--json", "events as NDJSON on stdout, and nothing else there"),
    new Option("-q, --quiet", "say only where the files are, and what went wrong"),
    new Option("-y, --yes", "install what is missing without asking; ask nothing"),
    new Option("--dry-run", "print the plan, secrets masked, and start nothing"),
  ];
}
