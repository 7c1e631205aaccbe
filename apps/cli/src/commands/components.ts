import type { ComponentKind } from "@glovebox/components";
import { parseCount } from "@glovebox/core/run-settings";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Cli } from "../cli.ts";
import type { CheckOptions } from "../components/check-source.ts";
import type { InstallOptions } from "../components/install-into.ts";
import type { FindOptions } from "../components/print-found.ts";
import type { ShowComponentOptions } from "../components/print-shown.ts";
import type { UpdateOptions } from "../components/update-components.ts";
import { argument } from "../options/argument.ts";
import { runOptions, runOptionsOf } from "../options/run-options.ts";

/** Repeated here, because a command line is parsed without loading what reads components. */
const kinds: readonly ComponentKind[] = ["agent", "command", "mcp", "setting", "hook", "skill", "plugin", "loop"];

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
    .summary("find and install agents, commands, MCP servers, hooks, skills and more")
    .description(
      "Search catalogs of components. A run installs those named with --agent, --command, --mcp, --setting, --hook, --skill, " +
        "--plugin and --loop. What was used is pinned in glovebox.lock in the current directory.",
    )
    .addCommand(searchCommand(cli))
    .addCommand(listCommand(cli))
    .addCommand(showCommand(cli))
    .addCommand(installCommand(cli))
    .addCommand(updateCommand(cli))
    .addCommand(checkCommand(cli))
    .addHelpText("after", help);
}

function searchCommand(cli: Cli): Command {
  const command = new Command("search")
    .description("Search by name, category and description, best match first. Tolerates typos.")
    .argument("<word...>", "words to search for")
    .addOption(typeOption())
    .addOption(sourceOption())
    .addOption(new Option("--limit <n>", "maximum number of results (default: 20)").argParser(argument(parseCount)));
  return withSources(command, "print one object per line").action(
    cli.act(async (words: readonly string[], options: FindOptions) => {
      const { printFound } = await import("../components/print-found.ts");
      return await printFound(words, options, cli.terminal);
    }),
  );
}

function listCommand(cli: Cli): Command {
  const command = new Command("list")
    .description("List every component of the catalogs.")
    .addOption(typeOption())
    .addOption(sourceOption());
  return withSources(command, "print one object per line").action(
    cli.act(async (options: FindOptions) => {
      const { printFound } = await import("../components/print-found.ts");
      return await printFound([], options, cli.terminal);
    }),
  );
}

function showCommand(cli: Cli): Command {
  const command = new Command("show")
    .description(
      "Show a component: where it comes from, its hash, the files it installs, and the tools, hosts, commands and variables it needs.",
    )
    .argument("<name>", "name, category/name, source:category/name, or ./path")
    .addOption(typeOption());
  return withSources(command, "print one object per line").action(
    cli.act(async (name: string, options: ShowComponentOptions) => {
      const { printShown } = await import("../components/print-shown.ts");
      return await printShown(name, options, cli.terminal);
    }),
  );
}

function installCommand(cli: Cli): Command {
  const command = new Command("install")
    .description(
      "Install components into a directory of this machine, on top of what it contains. Outside a sandbox, what they start runs with your permissions.",
    )
    .argument("<dir>", "the project's directory");
  for (const option of runOptionsOf("components")) command.addOption(option);
  return command
    .option("-y, --yes", "skip the prompt; of two conflicting components the later one wins")
    .option("--json", "print what was written, one object per line")
    .action(
      cli.act(async (directory: string, options: InstallOptions) => {
        const { installInto } = await import("../components/install-into.ts");
        return await installInto(directory, options, cli.terminal);
      }),
    );
}

function updateCommand(cli: Cli): Command {
  const command = new Command("update").description(
    "Fetch the newest state of the sources in glovebox.lock, and pin its components to that.",
  );
  return withSources(command, "print the sources and the changes as one object").action(
    cli.act(async (options: UpdateOptions) => {
      const { updateComponents } = await import("../components/update-components.ts");
      return await updateComponents(options, cli.terminal);
    }),
  );
}

function checkCommand(cli: Cli): Command {
  const command = new Command("check")
    .description(
      "Read every component of a catalog as an installation would, and count which work, which are refused and which install but cannot work, with the reasons. Exits with 1 when there are any of the latter two.",
    )
    .argument("<source>", "a directory, a repository, an archive, or the name of a configured source")
    .option(
      "--prove",
      "also install them in a sandbox, where the harness lists what it has loaded; no model is called",
    );
  return withSources(command, "print one object per component").action(
    cli.act(async (source: string, options: CheckOptions) => {
      const { checkSource } = await import("../components/check-source.ts");
      return await checkSource(source, options, cli.terminal);
    }),
  );
}

function typeOption(): Option {
  return new Option("--type <kinds>", `only these kinds, separated by commas: ${kinds.join(", ")}`).argParser((text) =>
    text.split(",").map((word) => {
      const kind = kinds.find((known) => known === word.trim());
      if (kind === undefined) throw new InvalidArgumentError(`One of ${kinds.join(", ")}.`);
      return kind;
    }),
  );
}

function sourceOption(): Option {
  return new Option("--source <names>", "only these sources, separated by commas; no other is fetched").argParser(
    (text) => text.split(",").map((name) => name.trim()),
  );
}

function withSources(command: Command, json: string): Command {
  for (const option of runOptions("componentsSource", "offline", "verbose")) command.addOption(option);
  return command.option("--json", json);
}
