import { Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { costKeys } from "../../cost/cost-report.ts";
import type { ShowCostOptions } from "../../cost/show-cost.ts";
import { argument } from "../../options/argument.ts";
import { parseMoment } from "../../options/moment.ts";

/** `glovebox cost`. */
export function costCommand(cli: Cli): Command {
  return new Command("cost")
    .summary("show what runs cost")
    .description(
      "Show the tokens and the cost of all runs, also of those that are running: by day, run, batch, model, provider or harness. A removed run is not counted any more.",
    )
    .addOption(new Option("--by <key>", "what to sum up in each line").choices(costKeys).default("day"))
    .addOption(
      new Option("--since <time>", "only answers of models since: 2h, or 2026-11-20T08:30").argParser(
        argument(parseMoment),
      ),
    )
    .addOption(
      new Option("--until <time>", "only answers of models before: 2h, or 2026-11-20T08:30").argParser(
        argument(parseMoment),
      ),
    )
    .option("--csv", "print comma-separated values")
    .option("--json", "print one object per line")
    .addHelpText("after", "\nExamples:\n  glovebox cost --since 7d\n  glovebox cost --by batch --csv > cost.csv\n")
    .action(
      cli.act(async (options: ShowCostOptions) => {
        const { showCost } = await import("../../cost/show-cost.ts");
        return await showCost(options, cli.terminal);
      }),
    );
}
