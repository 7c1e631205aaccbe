import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { runReference } from "../options/run-reference.ts";
import type { ApplyOptions } from "../run/apply-run.ts";

/** `glovebox apply`. */
export function applyCommand(cli: Cli): Command {
  return new Command("apply")
    .summary("apply a run's changes to its project")
    .description(
      "Write what a run created, changed and deleted to the project that was uploaded. Never writes below .git, and leaves " +
        "files alone that have changed since. Files that can make this machine execute something are listed before anything is written.",
    )
    .argument("[run]", `${runReference} (default: the newest run of the current directory)`)
    .option("--target <dir>", "the directory to write to (default: the run's workspace)")
    .option("--force", "also overwrite what has changed since the run began")
    .option("--dry-run", "print what would be written, and write nothing")
    .option("-y, --yes", "skip the prompt")
    .option("--json", "print the plan, then the report, one object per line")
    .addHelpText("after", "\nExamples:\n  glovebox apply --dry-run\n  glovebox apply 1 --target ./copy --yes\n")
    .action(
      cli.act(async (reference: string | undefined, options: ApplyOptions) => {
        const { applyRun } = await import("../run/apply-run.ts");
        return await applyRun(reference, options, cli.terminal);
      }),
    );
}
