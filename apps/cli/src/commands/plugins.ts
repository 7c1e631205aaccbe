import { Command } from "commander";
import type { Cli } from "../cli.ts";
import type { PluginKind } from "../plugins/plugin-kind.ts";

interface ListOptions {
  readonly json?: boolean;
}

/** `glovebox providers` and `glovebox harnesses`. */
export function pluginsCommand(cli: Cli, kind: PluginKind, what: string): Command {
  const name = kind === "provider" ? "providers" : "harnesses";
  const command = new Command(name)
    .summary(`list, add and remove ${name}: ${what}`)
    .description(
      `List the ${name} that are installed, next to this command and in the state directory's packages. Pass one to run ` +
        `with --${kind} NAME.`,
    )
    .option("--json", "print one object per line")
    // Else --json after `list` would be this command's.
    .enablePositionalOptions();
  const list = cli.act(async (options: ListOptions) => {
    const { printPlugins } = await import("../plugins/print-plugins.ts");
    return await printPlugins(kind, options, cli.terminal);
  });
  const subcommands = [
    new Command("list")
      .description(`The same as \`glovebox ${name}\`.`)
      .option("--json", "print one object per line")
      .action(list),
    new Command("add")
      .description(
        `Install a package with npm into the state directory's packages, without running its install scripts, and check ` +
          `that it is a ${kind}. A package's code runs on this host with your permissions when it is used.`,
      )
      .argument("<name>", `a package, optionally with a version: @acme/glovebox-x@1.2.0; or a short name`)
      .action(
        cli.act(async (name: string) => {
          const { addPlugin } = await import("../plugins/add-plugin.ts");
          return await addPlugin(kind, name, cli.terminal);
        }),
      ),
    new Command("remove")
      .description(`Remove what \`glovebox ${name} add\` installed.`)
      .argument("<name>", "the package")
      .action(
        cli.act(async (name: string) => {
          const { removePlugin } = await import("../plugins/remove-plugin.ts");
          return await removePlugin(kind, name, cli.terminal);
        }),
      ),
  ];
  for (const subcommand of subcommands) command.addCommand(subcommand);
  return command.action(list);
}
