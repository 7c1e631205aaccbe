import { InvalidOptionsError } from "@glovebox/core/provider";
import { Argument, Command } from "commander";
import type { Cli } from "../cli.ts";
import type { RunOptions } from "../config/run-options.ts";
import { exitCodesHelp } from "../exit-codes.ts";
import { addBriefHelp } from "../options/brief-help.ts";
import { allRunOptions } from "../options/run-options.ts";
import { pluginOptions } from "../plugins/plugin-options.ts";
import { quotedPrompt } from "../print/quoted-prompt.ts";

const examples = `Examples:
  glovebox run "Build a todo app"
  glovebox run --workspace . --timeout 1h "Fix the failing test"
  cat task.md | glovebox run --output ./result --json
  glovebox run --model opus "Review this" -- --disallowedTools WebSearch
`;

const prose = `
The prompt comes from one place: the argument, --prompt, --prompt-file, or standard input. One that starts with a dash
is given as --prompt=…. Everything after -- is passed to the harness unchanged.

Flags have priority over GLOVEBOX_… variables, these over ~/.glovebox/config.json. The project's glovebox.config.json can
only narrow; from its .env only the model's key is read. The key never enters the sandbox.
`;

/** A shell makes several arguments of a prompt without quotes. */
function requireOnePrompt(args: readonly string[]): void {
  if (args.length < 2) return;
  throw new InvalidOptionsError(`The prompt has to be one argument: it came as ${args.length}`, {
    hint: `Quote it: ${quotedPrompt(args)}`,
  });
}

/** `glovebox run`. */
export function runCommand(cli: Cli): Command {
  const command = new Command("run")
    .summary("run a prompt in a sandbox and bring the files back")
    .description(
      "Run a coding agent with a prompt in a sealed sandbox, show what happens, bring every file back, and clean up.",
    )
    .addArgument(new Argument("[prompt]", "what the agent should do"));
  for (const option of [...allRunOptions(), ...pluginOptions(cli)]) command.addOption(option);
  addBriefHelp(command, { brief: `\n${examples}`, whole: `${prose}\n${examples}\n${exitCodesHelp()}` });
  // commander would only count them.
  command.allowExcessArguments();
  return command.action(
    cli.act(async (argument: string | undefined, options: RunOptions, { args }: Command) => {
      requireOnePrompt(args);
      const { openRunPlace } = await import("../run/run-place.ts");
      const { passedThrough: extraArgs, terminal } = cli;
      return await (await openRunPlace(terminal)).start({ argument, options, extraArgs, terminal });
    }),
  );
}
