import { Command } from "commander";
import type { Cli } from "../cli.ts";
import type { PluginKind } from "../plugins/installed-plugins.ts";

interface ListOptions {
  readonly json?: boolean;
}

/** `glovebox providers` and `glovebox harnesses`: one command, of two kinds. */
export function pluginsCommand(cli: Cli, kind: PluginKind, what: string): Command {
  const name = kind === "provider" ? "providers" : "harnesses";
  const command = new Command(name)
    .summary(`list, add and remove ${name}: ${what}`)
    .description(
      `Lists the ${name} that are installed, beside this command and in the state folder's packages. Each can be given ` +
        `to run as --${kind} NAME.`,
    )
    .option("--json", "one object a line")
    // Else --json after `list` would be this command's.
    .enablePositionalOptions();
  const list = cli.act(async (options: ListOptions) => {
    const { printPlugins } = await import("../plugins/print-plugins.ts");
    return await printPlugins(kind, options, cli.terminal);
  });
  const subcommands = [
    new Command("list")
      .description(`The same as \`glovebox ${name}\`.`)
      .option("--json", "one object a line")
      .action(list),
    new Command("add")
      .description(
        `Installs a package with npm into the state folder's packages, without running its install scripts, and looks ` +
          `whether it is a ${kind}. A package's code runs on this host with your rights when it is used.`,
      )
      .argument("<name>", `a package, with a version where wanted: @acme/glovebox-x@1.2.0; or a short name`)
      .action(
        cli.act(async (given: string) => {
          const { addPlugin } = await import("../plugins/add-plugin.ts");
          return await addPlugin(kind, given, cli.terminal);
        }),
      ),
    new Command("remove")
      .description(`Removes what \`glovebox ${name} add\` installed.`)
      .argument("<name>", "the package")
      .action(
        cli.act(async (given: string) => {
          const { removePlugin } = await import("../plugins/remove-plugin.ts");
          return await removePlugin(kind, given, cli.terminal);
        }),
      ),
  ];
  for (const subcommand of subcommands) command.addCommand(subcommand);
  return command.action(list);
}
