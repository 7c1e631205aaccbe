import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { collect } from "../options/collect.ts";
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
    .argument(
      "[path...]",
      "only these files, directories or patterns such as '**/*.ts'; after -- nothing is taken for a run",
    )
    .option("--exclude <path>", "leave these out (repeatable)", collect)
    .option("--target <dir>", "the directory to write to (default: the run's workspace)")
    .option("--force", "also overwrite what has changed since the run began")
    .option("--undo", "bring the project back to how it was before the run was last applied")
    .option("--dry-run", "print what would be written, and write nothing")
    .option("-y, --yes", "skip the prompt")
    .option("--json", "print the plan, then the report, one object per line")
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox apply --dry-run\n  glovebox apply src docs/index.md\n  glovebox apply --exclude package-lock.json --yes\n  glovebox apply --undo\n",
    )
    .action(
      cli.act(async (run: string | undefined, paths: readonly string[], options: ApplyOptions) => {
        const { applyRun } = await import("../run/apply-run.ts");
        const names = { arguments: run === undefined ? [] : [run, ...paths], paths: cli.passedThrough };
        return await applyRun(names, options, cli.terminal);
      }),
    );
}
