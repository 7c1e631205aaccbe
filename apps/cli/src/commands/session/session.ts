import type { RunSettingName } from "@glovebox/core/run-settings";
import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { allRunOptions } from "../../options/run-options.ts";
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
    .argument("[prompt]", "the first prompt (default: you type it there)")
    .option("--new", "start another one, even if one runs for this directory")
    .option("--detach-keys <keys>", "the keys to leave with (default: ctrl-p,ctrl-q)");
  for (const option of allRunOptions()) {
    if (left.has(option.attributeName())) continue;
    option.description = ownHelp[option.attributeName()] ?? option.description;
    command.addOption(option);
  }
  for (const option of pluginOptions(cli)) command.addOption(option);
  return command
    .addHelpText("after", `\nExamples:\n  glovebox ${name}\n  glovebox ${name} "Fix the failing test" --max-cost 5\n`)
    .action(
      cli.act(async (prompt: string | undefined, options: SessionOptions) => {
        const { runSession } = await import("../../session/run-session.ts");
        return await runSession({
          prompt,
          options,
          harness,
          name,
          extraArgs: cli.passedThrough,
          terminal: cli.terminal,
        });
      }),
    );
}
