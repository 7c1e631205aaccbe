import { InvalidOptionsError } from "@glovebox/core/provider";
import { parseDuration } from "@glovebox/core/run-settings";
import { Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import type { MonitorOptions } from "../../monitor/monitor-runs.ts";
import { argument } from "../../options/argument.ts";
import { runReference } from "../../options/run-reference.ts";

const shortestMs = 500;

/** `glovebox monitor`. */
export function monitorCommand(cli: Cli): Command {
  return new Command("monitor")
    .alias("top")
    .summary("watch runs live: what they do, use, reach and cost")
    .description(
      "Watch every run, or one, in a view that is kept up to date: phase, processor, memory, disk, processes, network, tokens, " +
        "cost, time left and what the agent does. Rows of a batch are grouped. Watching changes nothing of a run.",
    )
    .argument("[run]", `${runReference} (default: every run)`)
    .addOption(
      new Option("-i, --interval <duration>", "how often to measure, at least 500ms")
        .argParser(argument(interval))
        .default(2000, "2s"),
    )
    .option("--json", "print one object per run and interval, also without a terminal")
    .option("--once", "print one measurement of each run as JSON, and end")
    .option("--log <file>", "append memory, uptime, disk and top processes to a file, as lines with the time")
    .addHelpText(
      "after",
      "\nKeys:\n  up, down, j, k   choose a run        Enter, Esc   one run, or the list\n" +
        "  s   stop it      a   attach to it     o   open its port      l   show its log      q   quit\n" +
        "\nExamples:\n  glovebox monitor\n  glovebox monitor 1 --log monitor.log\n" +
        "  glovebox monitor --once | jq '{name, phase, cpus: .usage.cpus}'\n",
    )
    .action(
      cli.act(async (reference: string | undefined, options: MonitorOptions) => {
        const { monitorRuns } = await import("../../monitor/monitor-runs.ts");
        return await monitorRuns(reference, options, cli.terminal);
      }),
    );
}

function interval(text: string): number {
  const ms = parseDuration(text);
  if (ms < shortestMs) throw new InvalidOptionsError("At least 500ms.");
  return ms;
}
