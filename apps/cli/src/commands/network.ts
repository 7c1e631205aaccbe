import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { runOptions, runOptionsOf } from "../options/run-options.ts";
import { runReference } from "../options/run-reference.ts";
import type { NetworkLogOptions } from "../run/print-network-log.ts";
import type { ShowNetworkOptions } from "../run/show-network.ts";

/** `glovebox network show|log`. */
export function networkCommand(cli: Cli): Command {
  return new Command("network")
    .summary("show what a sandbox may reach and what it reached")
    .description(
      "Show what a sandbox may reach, where each rule comes from, and every request that was allowed or refused.",
    )
    .addCommand(showCommand(cli))
    .addCommand(logCommand(cli));
}

function showCommand(cli: Cli): Command {
  const command = new Command("show")
    .description(
      "Show what a run with these options would be allowed here, or what an existing run is. Starts nothing, asks nothing, " +
        "and prints the names of secrets, never their values.",
    )
    .argument("[run]", runReference);
  for (const option of [
    ...runOptionsOf("network"),
    ...runOptionsOf("components"),
    ...runOptions("workspace", "directory", "env", "envFile", "provider", "harness"),
    new Option("--json", "print one object"),
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
    .description("List the outbound requests of a run's sandbox (default: the newest run of the current directory).")
    .argument("[run]", runReference)
    .option("--denied", "only refused requests")
    .option("--json", "print the events as NDJSON")
    .addHelpText("after", "\nExamples:\n  glovebox network log --denied\n  glovebox network log 1 --json\n")
    .action(
      cli.act(async (reference: string | undefined, options: NetworkLogOptions) => {
        const { printNetworkLog } = await import("../run/print-network-log.ts");
        return await printNetworkLog(reference, options, cli.terminal);
      }),
    );
}
