import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { collect } from "../options/collect.ts";
import { runReference } from "../options/run-reference.ts";
import type { DiffOptions } from "../runs/diff-run.ts";

/** `glovebox diff`. */
export function diffCommand(cli: Cli): Command {
  return new Command("diff")
    .summary("show what a run changed in its workspace")
    .description(
      "Show a run's changes against the workspace that went in, whatever the project has become since. On a terminal the " +
        "text is safe to look at: hidden characters are written out, binary files are named, and it opens in a pager " +
        "(GLOVEBOX_PAGER, else PAGER, else less). Elsewhere it is the exact patch, which `git apply` takes at the top of the repository.",
    )
    .argument("[run]", `${runReference} (default: the newest run of the current directory)`)
    .argument(
      "[path...]",
      "only these files, directories or patterns such as '**/*.ts'; after -- nothing is taken for a run",
    )
    .option("--exclude <path>", "leave these out (repeatable)", collect)
    .option("--stat", "the number of lines that changed in each file")
    .option("--name-only", "the changed files' names")
    .option("--word-diff", "mark the changed words in their lines")
    .option("--json", "print one object per changed file")
    .option("--no-pager", "print it all at once")
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox diff --stat\n  glovebox diff src/server.ts\n  glovebox diff 2 --word-diff -- docs\n" +
        "  glovebox diff --exclude package-lock.json > changes.patch\n",
    )
    .action(
      cli.act(async (run: string | undefined, paths: readonly string[], options: DiffOptions) => {
        const { diffRun } = await import("../runs/diff-run.ts");
        const names = { arguments: run === undefined ? [] : [run, ...paths], paths: cli.passedThrough };
        return await diffRun(names, options, cli.terminal);
      }),
    );
}
