import { parseCount } from "@glovebox/core/run-settings";
import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { argument } from "../options/argument.ts";
import { parseMoment } from "../options/moment.ts";
import { runReference } from "../options/run-reference.ts";
import type { LogsOptions } from "../runs/show-logs.ts";

/** `glovebox logs`. */
export function logsCommand(cli: Cli): Command {
  return new Command("logs")
    .summary("show what happened in a run")
    .description("Show a run again from its first event (default: the newest run of the current directory).")
    .argument("[run]", runReference)
    .option("-f, --follow", "keep printing until the run ends; Ctrl-C ends the printing, not the run")
    .addOption(
      new Option("-n, --tail <count>", "begin with the last lines, or with --json the last events").argParser(
        argument(parseCount),
      ),
    )
    .addOption(
      new Option("--since <time>", "begin with what happened since: 10m, or 2026-11-20T08:30").argParser(
        argument(parseMoment),
      ),
    )
    .addOption(
      new Option("--from <event>", "begin with the event of this number, the `seq` of --json").argParser(
        argument(parseCount),
      ),
    )
    .option("-t, --times", "print the time of day before each line (events of --json have theirs)")
    .option("--json", "print the events, one JSON object per line")
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox logs\n  glovebox logs -f --tail 20\n  glovebox logs --since 10m --times\n" +
        "  glovebox logs --json | jq -r 'select(.type == \"tool.start\") | .name'\n",
    )
    .action(
      cli.act(async (reference: string | undefined, options: LogsOptions) => {
        const { showLogs } = await import("../runs/show-logs.ts");
        return await showLogs(reference, options, cli.terminal);
      }),
    );
}
