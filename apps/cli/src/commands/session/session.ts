import type { RunSettingName } from "@glovebox/core/run-settings";
import { Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { exitCodesHelp } from "../../exit-codes.ts";
import { addBriefHelp } from "../../options/brief-help.ts";
import { allRunOptions, briefRunOptions } from "../../options/run-options.ts";
import { pluginOptions } from "../../plugins/plugin-options.ts";
import type { SessionOptions } from "../../session/run-session.ts";

export interface SessionCommandOptions {
  readonly name: string;
  readonly summary: string;
  readonly harness: string;
}

/** What a user at a terminal has no use for, or types there. */
const left: ReadonlySet<string> = new Set<RunSettingName>([
  ...(["prompt", "promptFile", "maxTurns", "maxBudgetUsd", "jsonSchema", "choose", "harness", "interactive"] as const),
  ...(["detach", "dryRun", "json", "quiet", "verbose", "workspace"] as const),
]);

/** What differs from `glovebox run`. */
const ownHelp: Readonly<Record<string, string>> = {
  timeout: "stop the run after this long (default: 12h)",
  idleTimeout: "stop after this long without activity while nobody is attached (default: never)",
  yes: "agree to install what is missing, and apply the changes at the end",
};

/** `glovebox claude` and its like: the command of a harness that is used at a terminal. */
export function sessionCommand(cli: Cli, { name, summary, harness }: SessionCommandOptions): Command {
  const command = new Command(name)
    .summary(summary)
    .description(
      "Start the agent in a sandbox with a copy of the current directory, and show its terminal in yours. Where one runs for this " +
        "directory already, enter that one. It continues when you detach (ctrl-p ctrl-q). When it ends, its files come back, and " +
        "what it changed can be applied to the directory.",
    )
    .usage("[options] [prompt] [-- <argument of the agent...>]")
    .argument("[prompt]", "the first prompt (default: you type it there)");
  for (const option of [...terminalFlags(), ...shared(allRunOptions()), ...pluginOptions(cli)])
    command.addOption(option);
  const examples = `\nExamples:\n  glovebox ${name}\n  glovebox ${name} "Fix the failing test" --max-cost 5\n`;
  addBriefHelp(command, { brief: examples, whole: `${examples}\n${exitCodesHelp()}` }, () => [
    ...terminalFlags(),
    ...shared(briefRunOptions()),
  ]);
  return command.action(
    cli.act(async (prompt: string | undefined, options: SessionOptions) => {
      const { runSession } = await import("../../session/run-session.ts");
      const { passedThrough: extraArgs, terminal } = cli;
      return await runSession({ prompt, options, harness, name, extraArgs, terminal });
    }),
  );
}

function terminalFlags(): Option[] {
  return [
    new Option("--new", "start another one, even if one runs for this directory"),
    new Option("--detach-keys <keys>", "the keys to leave with (default: ctrl-p,ctrl-q)"),
  ];
}

function shared(options: readonly Option[]): readonly Option[] {
  const taken = options.filter((option) => !left.has(option.attributeName()));
  for (const option of taken) option.description = ownHelp[option.attributeName()] ?? option.description;
  return taken;
}
