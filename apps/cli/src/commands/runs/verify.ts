import { InvalidOptionsError } from "@glovebox/core/provider";
import { parseDuration } from "@glovebox/core/run-settings";
import { Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { argument } from "../../options/argument.ts";
import { collect } from "../../options/collect.ts";
import { runOptions } from "../../options/run-options.ts";
import { runReference } from "../../options/run-reference.ts";
import type { VerifyCommandOptions } from "../../verify/verify-finished-run.ts";

/** `glovebox verify`. */
export function verifyCommand(cli: Cli): Command {
  const command = new Command("verify")
    .summary("run a command on a run's result in a fresh sandbox")
    .description(
      "Run a command, such as your tests, on what a run brought back, in a fresh sandbox that the agent never touched: without " +
        "credentials, components and a model, and by default without a network. Tests, settings of test programs, lock files " +
        "and scripts are the project's own, whatever the agent made of them; what it changed in them is listed. " +
        "Exit code 0 means passed, 1 failed, and 4 that Glovebox could not find out.",
    )
    .usage("[options] [run] -- <command> [args...]")
    .argument("[run]", `${runReference} (default: the newest run of the current directory)`)
    .option(
      "--protect <pattern>",
      "take these files from the project too; with ! before the pattern, leave them to the agent (repeatable)",
      collect,
    )
    .option("--expect <pattern>", "a regular expression that the command's output has to match")
    .addOption(
      new Option("--timeout <duration>", "fail when the command takes longer (default: 10m)").argParser(
        argument(parseDuration),
      ),
    );
  for (const option of runOptions(
    "provider",
    "template",
    "image",
    "dockerfile",
    "buildArg",
    "cpus",
    "memory",
    "allowHost",
  )) {
    command.addOption(option.helpGroup("Options:"));
  }
  return command
    .option("--json", "print the verification as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox verify -- npm test\n  glovebox verify 2 --json -- pytest -q\n" +
        "  glovebox verify --allow-host registry.npmjs.org -- 'npm ci && npm test'\n" +
        "  glovebox verify --protect 'fixtures/**' --protect '!src/**/*.spec.ts' -- npm test\n",
    )
    .action(
      cli.act(async (reference: string | undefined, options: VerifyCommandOptions) => {
        if (cli.passedThrough.length === 0) {
          throw new InvalidOptionsError("The command is missing", {
            hint: "Write it after --: glovebox verify -- npm test",
          });
        }
        const { verifyFinishedRun } = await import("../../verify/verify-finished-run.ts");
        return await verifyFinishedRun({ reference, words: cli.passedThrough, options, terminal: cli.terminal });
      }),
    );
}
