import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import type { EntryOptions } from "../../inside/entry-options.ts";

interface CpOptions extends EntryOptions {
  readonly overwrite?: boolean;
}

/** `glovebox cp`. */
export function cpCommand(cli: Cli): Command {
  return new Command("cp")
    .summary("copy files out of the sandbox of a run, or into it")
    .description(
      "Copy a file or a directory between this machine and the sandbox of a run that is running, or that was started with " +
        "--keep. Nothing is written outside the target, through a link or below .git.",
    )
    .argument("<from>", "RUN:PATH in the sandbox, a path on this machine, or - for standard input")
    .argument("<to>", "the same; - for standard output. An existing directory gets the copy below it")
    .option("--overwrite", "replace files on this machine that exist")
    .option("--provider <name>", "the provider as it was given to the run, when its id is not an installed short name")
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox cp 1:report.md .\n  glovebox cp ./data 1:/workspace\n  glovebox cp 1:log.txt - | tail\n",
    )
    .action(
      cli.act(async (from: string, to: string, options: CpOptions) => {
        const { parseCopyPlace } = await import("../../inside/copy-place.ts");
        const { openRunPlace } = await import("../../run/run-place.ts");
        const { terminal } = cli;
        const places = { from: parseCopyPlace(from, terminal.cwd), to: parseCopyPlace(to, terminal.cwd) };
        const { provider, overwrite = false } = options;
        return await (await openRunPlace(terminal)).copy({ ...places, provider, overwrite, terminal });
      }),
    );
}
