import { Argument, Command } from "commander";
import type { Cli } from "../cli.ts";
import type { RunOptions } from "../config/run-options.ts";
import { exitCodesHelp } from "../exit-codes.ts";
import { allRunOptions } from "../options/run-options.ts";
import { pluginOptions } from "../plugins/plugin-options.ts";

const help = `
The prompt comes from one place: the argument, --prompt, --prompt-file, or standard input. One that starts with a dash
is given as --prompt=…. Everything after -- is passed to the harness unchanged.

Flags have priority over GLOVEBOX_… variables, these over ~/.glovebox/config.json. The project's glovebox.config.json can
only narrow; from its .env only the model's key is read. The key never enters the sandbox.

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
      "Run a coding agent with a prompt in a sealed sandbox, show what happens, bring every file back, and clean up.",
    )
    .addArgument(new Argument("[prompt]", "the prompt: what the agent should do"))
    .addHelpText("after", help);
  for (const option of [...allRunOptions(), ...pluginOptions(cli)]) command.addOption(option);
  return command.action(
    cli.act(async (argument: string | undefined, options: RunOptions) => {
      const { startRun } = await import("../run/start-run.ts");
      return await startRun({ argument, options, extraArgs: cli.passedThrough, terminal: cli.terminal });
    }),
  );
}
