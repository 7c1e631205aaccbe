import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { gather } from "../config/option-values.ts";
import type { NetworkLogOptions } from "../run/print-network-log.ts";
import type { ShowNetworkOptions } from "../run/show-network.ts";
import { componentOptions } from "./component-options.ts";
import { networkOptions } from "./network-options.ts";

/** `glovebox network show|log`. */
export function networkCommand(cli: Cli): Command {
  return new Command("network")
    .summary("show what a sandbox may reach, and what it did reach")
    .description("What a sandbox may reach, where each rule comes from, and every request that passed or was refused.")
    .addCommand(showCommand(cli))
    .addCommand(logCommand(cli));
}

function showCommand(cli: Cli): Command {
  const command = new Command("show")
    .description(
      "Shows what a run with these options would be allowed here, or what a run that was started is. Starts nothing, asks " +
        "nothing, and prints the name of a secret, never its value.",
    )
    .argument("[run]", "a run: its id, the beginning or end of it, or its number in ps");
  for (const option of [
    ...networkOptions(),
    ...componentOptions(),
    new Option("--workspace <dir>", "the project that would go in, with its git remotes"),
    new Option("-d, --directory <dir>", "work as if started in this folder"),
    new Option("--env <name[=value]>", "a variable inside (repeatable)").argParser(gather),
    new Option("--env-file <file>", "variables inside, from a file (repeatable)").argParser(gather),
    new Option("--provider <name>", "where the sandbox would run (default: docker)").env("GLOVEBOX_PROVIDER"),
    new Option("--harness <name>", "what would work in it (default: claude-code)").env("GLOVEBOX_HARNESS"),
    new Option("--json", "one object"),
  ]) {
    command.addOption(option);
  }
  return command
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox network show\n  glovebox network show --workspace . --allow-host example.com\n  glovebox network show --mcp devtools/sentry\n  glovebox network show 1\n",
    )
    .action(
      cli.act(async (reference: string | undefined, options: ShowNetworkOptions) => {
        const { showNetwork } = await import("../run/show-network.ts");
        return await showNetwork(reference, options, cli.terminal);
      }),
    );
}

function logCommand(cli: Cli): Command {
  return new Command("log")
    .description("Lists what went out of a run's sandbox: this folder's newest run, unless another is named.")
    .argument("[run]", "its id, the beginning or end of it, or its number in ps")
    .option("--denied", "only what was refused")
    .option("--json", "the events as NDJSON")
    .addHelpText("after", "\nExamples:\n  glovebox network log --denied\n  glovebox network log 1 --json\n")
    .action(
      cli.act(async (reference: string | undefined, options: NetworkLogOptions) => {
        const { printNetworkLog } = await import("../run/print-network-log.ts");
        return await printNetworkLog(reference, options, cli.terminal);
      }),
    );
}
