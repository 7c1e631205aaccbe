import type { ComponentKind } from "@glovebox/components";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Cli } from "../cli.ts";
import type { InstallOptions } from "../components/install-into.ts";
import type { FindOptions } from "../components/print-found.ts";
import type { ShowComponentOptions } from "../components/print-shown.ts";
import type { UpdateOptions } from "../components/update-components.ts";
import { parseWhole } from "../config/option-values.ts";
import { componentOptions, sourceOptions } from "./component-options.ts";

/** Told again here, since a command line is parsed without loading what reads components. */
const kinds: readonly ComponentKind[] = ["agent", "command", "mcp", "setting", "hook", "skill"];

const help = `
Examples:
  glovebox components search react testing
  glovebox components show development-team/frontend-developer
  glovebox components list --type mcp
  glovebox components install . --agent reviewer --hook ./hooks/format.json
`;

/** `glovebox components search|list|show|install|update`. */
export function componentsCommand(cli: Cli): Command {
  return new Command("components")
    .summary("find, show and install agents, commands, MCP servers, settings, hooks and skills")
    .description(
      "Looks through catalogs of components. A run installs those that it is given by --agent, --command, --mcp, --setting, " +
        "--hook and --skill. What was used is pinned in glovebox.lock, in the folder where you stand.",
    )
    .addCommand(searchCommand(cli))
    .addCommand(listCommand(cli))
    .addCommand(showCommand(cli))
    .addCommand(installCommand(cli))
    .addCommand(updateCommand(cli))
    .addHelpText("after", help);
}

function searchCommand(cli: Cli): Command {
  const command = new Command("search")
    .description("Finds components by name, category and description, the best first. Forgives misspellings.")
    .argument("<word...>", "what to look for")
    .addOption(typeOption())
    .addOption(sourceOption())
    .addOption(new Option("--limit <n>", "so many at most (default: 20)").argParser(parseWhole));
  return withSources(command, "one object a line").action(
    cli.act(async (words: readonly string[], options: FindOptions) => {
      const { printFound } = await import("../components/print-found.ts");
      return await printFound(words, options, cli.terminal);
    }),
  );
}

function listCommand(cli: Cli): Command {
  const command = new Command("list")
    .description("Lists every component of the catalogs.")
    .addOption(typeOption())
    .addOption(sourceOption());
  return withSources(command, "one object a line").action(
    cli.act(async (options: FindOptions) => {
      const { printFound } = await import("../components/print-found.ts");
      return await printFound([], options, cli.terminal);
    }),
  );
}

function showCommand(cli: Cli): Command {
  const command = new Command("show")
    .description(
      "Shows a component: where it comes from, at which hash, which files it installs, and which tools, hosts, commands and variables it asks for.",
    )
    .argument("<name>", "name, category/name, source:category/name, or ./path")
    .addOption(typeOption());
  return withSources(command, "one object a line").action(
    cli.act(async (name: string, options: ShowComponentOptions) => {
      const { printShown } = await import("../components/print-shown.ts");
      return await printShown(name, options, cli.terminal);
    }),
  );
}

function installCommand(cli: Cli): Command {
  const command = new Command("install")
    .description(
      "Installs components into a folder of this machine, on top of what it has. Outside a sandbox what they start runs with your rights.",
    )
    .argument("<dir>", "the project's folder");
  for (const option of componentOptions()) command.addOption(option);
  return command
    .option("-y, --yes", "do not ask; of two that contradict each other the later one stands")
    .option("--json", "what was written, one object a line")
    .action(
      cli.act(async (folder: string, options: InstallOptions) => {
        const { installInto } = await import("../components/install-into.ts");
        return await installInto(folder, options, cli.terminal);
      }),
    );
}

function updateCommand(cli: Cli): Command {
  const command = new Command("update").description(
    "Asks the sources that glovebox.lock names for their newest state, and pins its components to that.",
  );
  return withSources(command, "the sources and the changes as one object").action(
    cli.act(async (options: UpdateOptions) => {
      const { updateComponents } = await import("../components/update-components.ts");
      return await updateComponents(options, cli.terminal);
    }),
  );
}

function typeOption(): Option {
  return new Option("--type <kinds>", `only these, by commas: ${kinds.join(", ")}`).argParser((text) =>
    text.split(",").map((word) => {
      const kind = kinds.find((known) => known === word.trim());
      if (kind === undefined) throw new InvalidArgumentError(`One of ${kinds.join(", ")}.`);
      return kind;
    }),
  );
}

function sourceOption(): Option {
  return new Option("--source <names>", "only these sources, by commas; no other is fetched").argParser((text) =>
    text.split(",").map((name) => name.trim()),
  );
}

function withSources(command: Command, json: string): Command {
  for (const option of sourceOptions()) command.addOption(option);
  return command.option("--json", json);
}
