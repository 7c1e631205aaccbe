import { parseDuration } from "@glovebox/core/run-settings";
import { Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { argument } from "../../options/argument.ts";
import { runReference } from "../../options/run-reference.ts";
import type { WaitOptions } from "../../runs/wait-for-runs.ts";

/** `glovebox wait`. */
export function waitCommand(cli: Cli): Command {
  return new Command("wait")
    .summary("wait for the end of runs")
    .description(
      "Wait until runs have ended, and print how each of them did. The exit code is the run's own; of several, the first in " +
        "the order given that is not 0. A run whose process died is recovered first. Ctrl-C ends the waiting, not the runs.",
    )
    .argument("[run...]", `${runReference} (default: the run of the current directory)`)
    .addOption(
      new Option("--timeout <duration>", "end with 124 if a run is still running after this time").argParser(
        argument(parseDuration),
      ),
    )
    .option("--json", "print one object for each run")
    .addHelpText(
      "after",
      '\nExamples:\n  glovebox wait && glovebox apply\n  glovebox wait $(glovebox run --detach "Fix the failing test") --timeout 1h\n' +
        "  glovebox wait $(glovebox ps -q --state running)\n",
    )
    .action(
      cli.act(async (references: readonly string[], options: WaitOptions) => {
        const { waitForRuns } = await import("../../runs/wait-for-runs.ts");
        return await waitForRuns(references, options, cli.terminal);
      }),
    );
}
