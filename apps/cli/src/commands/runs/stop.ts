import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { runReference } from "../../options/run-reference.ts";
import type { StopOptions } from "../../runs/stop-runs.ts";

/** `glovebox stop`. */
export function stopCommand(cli: Cli): Command {
  return new Command("stop")
    .summary("stop running runs")
    .description(
      "Stop runs the way Ctrl-C would in their own terminal: collect the files, remove the sandbox, and wait for the end.",
    )
    .argument("[run...]", `${runReference} (default: the run of the current directory)`)
    .option("--force", "destroy the sandbox at once; uncollected files are discarded")
    .option("--json", "print one object for each run, as `wait --json` does")
    .addHelpText("after", "\nExamples:\n  glovebox stop\n  glovebox stop $(glovebox ps -q --state running)\n")
    .action(
      cli.act(async (references: readonly string[], options: StopOptions) => {
        const { stopRuns } = await import("../../runs/stop-runs.ts");
        return await stopRuns(references, options, cli.terminal);
      }),
    );
}
