import { Command } from "commander";
import type { Cli } from "../cli.ts";
import type { ApplyOptions } from "../run/apply-run.ts";

/** `glovebox apply`. */
export function applyCommand(cli: Cli): Command {
  return new Command("apply")
    .summary("bring a run's changes into its project")
    .description(
      "Writes what a run created, changed and deleted into the project that went in. Never below .git; what has changed there " +
        "since is left alone. Files that can make this machine execute something are named before anything is written.",
    )
    .argument("[run]", "its id, the beginning or end of it, or its number in ps; this folder's newest run otherwise")
    .option("--target <dir>", "another folder than the run's workspace")
    .option("--force", "also write over what has changed since the run began")
    .option("--dry-run", "only say what would be written")
    .option("-y, --yes", "do not ask")
    .option("--json", "the plan, then the report, one object a line")
    .addHelpText("after", "\nExamples:\n  glovebox apply --dry-run\n  glovebox apply 1 --target ./copy --yes\n")
    .action(
      cli.act(async (reference: string | undefined, options: ApplyOptions) => {
        const { applyRun } = await import("../run/apply-run.ts");
        return await applyRun(reference, options, cli.terminal);
      }),
    );
}
