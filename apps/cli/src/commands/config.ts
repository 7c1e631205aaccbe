import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { allRunOptions } from "../options/run-options.ts";

/** `glovebox config`. */
export function configCommand(cli: Cli): Command {
  return new Command("config")
    .summary("show and change your configuration")
    .description(
      "Show and change config.json in the state directory. A dot leads into an object: `network.mode`, `env.NAME`. " +
        "Comments in the file stay.",
    )
    .addCommand(getCommand(cli))
    .addCommand(setCommand(cli))
    .addCommand(unsetCommand(cli))
    .addCommand(listCommand(cli))
    .addCommand(editCommand(cli))
    .addCommand(pathCommand(cli));
}

const load = async () => await import("../config/config-actions.ts");

function getCommand(cli: Cli): Command {
  return new Command("get")
    .description(
      "Print the value of a key in the file, as JSON where it is not a single value. Exits with 2 when it is not set.",
    )
    .argument("<key>", "such as timeout, network.mode or env.NAME")
    .action(cli.act(async (key: string) => await (await load()).getConfig(key, cli.terminal)));
}

function setCommand(cli: Cli): Command {
  return new Command("set")
    .description(
      "Set a key in the file. Values are written as for the flag; a list takes several. Secrets are refused.",
    )
    .argument("<key>", "such as timeout, network.mode or env.NAME")
    .argument("<value...>", "the value")
    .addHelpText(
      "after",
      `
Examples:
  glovebox config set timeout 1h
  glovebox config set network.allow example.com "*.example.org"
`,
    )
    .action(
      cli.act(async (key: string, values: string[]) => await (await load()).setConfig(key, values, cli.terminal)),
    );
}

function unsetCommand(cli: Cli): Command {
  return new Command("unset")
    .description("Remove a key from the file.")
    .argument("<key>", "such as timeout, network.mode or env.NAME")
    .action(cli.act(async (key: string) => await (await load()).unsetConfig(key, cli.terminal)));
}

function listCommand(cli: Cli): Command {
  const command = new Command("list")
    .description(
      "Show what a run in this directory would use, and whether a flag, a variable, your file or the project's gives it. " +
        "The flags of `glovebox run` are understood.",
    )
    .option("--all", "list the settings that nothing sets, too")
    .option("--json", "print one object per line");
  for (const option of allRunOptions()) {
    if (!["--json", "--help-all"].includes(option.long ?? "")) command.addOption(option.hideHelp());
  }
  return command.action(
    cli.act(async (options: Readonly<Record<string, unknown>>) => {
      const sourceOf = (name: string) => command.getOptionValueSource(name);
      return await (await load()).listConfig(options, sourceOf, cli.terminal);
    }),
  );
}

function editCommand(cli: Cli): Command {
  return new Command("edit")
    .description("Open the file in $VISUAL or $EDITOR, and check it afterwards.")
    .action(cli.act(async () => await (await load()).editConfig(cli.terminal)));
}

function pathCommand(cli: Cli): Command {
  return new Command("path")
    .description("Print where the file is.")
    .action(cli.act(async () => await (await load()).printConfigPath(cli.terminal)));
}
