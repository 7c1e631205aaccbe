import type { CommandOption, PluginCommand } from "@glovebox/core/plugin";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { Cli } from "../cli.ts";

/** Builds the command line of a command that a plugin describes. */
export function pluginCommand(cli: Cli, described: PluginCommand, summary?: string): Command {
  const command = new Command(described.name).description(described.description);
  if (summary !== undefined) command.summary(summary);
  for (const { syntax, help } of described.arguments ?? []) command.addArgument(new Argument(syntax, help));
  for (const option of described.options ?? []) command.addOption(commandOption(option));
  for (const child of described.commands ?? []) command.addCommand(pluginCommand(cli, child));
  const { run } = described;
  if (run === undefined) return command;
  return command.action(
    cli.act(async (...values: unknown[]) => {
      const { createCommandContext } = await import("./command-context.ts");
      // commander passes the arguments, then the options, then the command itself.
      const options = values.at(-2) as Readonly<Record<string, unknown>>;
      return await run({ args: values.slice(0, -2), options }, createCommandContext(cli.terminal));
    }),
  );
}

function commandOption({ flags, help, env, default: value, parse, conflicts }: CommandOption): Option {
  const option = new Option(flags, help);
  if (env !== undefined) option.env(env);
  if (value !== undefined) option.default(value);
  if (conflicts !== undefined) option.conflicts([...conflicts]);
  if (parse !== undefined) {
    option.argParser((text: string, previous: unknown) => {
      try {
        return parse(text, previous);
      } catch (error) {
        if (error instanceof TypeError) throw new InvalidArgumentError(error.message);
        throw error;
      }
    });
  }
  return option;
}
