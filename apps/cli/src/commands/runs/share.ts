import { parseDuration } from "@glovebox/core/run-settings";
import { Command, Option } from "commander";
import type { Cli } from "../../cli.ts";
import { argument } from "../../options/argument.ts";
import { runReference } from "../../options/run-reference.ts";
import type { ShareOptions } from "../../remote/share-run.ts";

/** `glovebox share`. */
export function shareCommand(cli: Cli): Command {
  return new Command("share")
    .summary("share a run of a server by a read-only link")
    .description(
      "Create a link that shows one run of a server, and nothing else, to whoever has it. It expires, and can be revoked before.",
    )
    .argument("[run]", `${runReference} (default: the newest of the current directory)`)
    .addOption(
      new Option("--expires <duration>", "how long the link works, at most 90d (default: 7d)").argParser(
        argument(parseDuration),
      ),
    )
    .option("-l, --list", "list the links of the run")
    .option("--revoke <link>", "end a link, by its id")
    .option("--json", "print one object per link")
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox --server https://glovebox.example.com share 1 --expires 1d\n  glovebox share 1 --list\n",
    )
    .action(
      cli.act(async (reference: string | undefined, options: ShareOptions) => {
        const { shareRun } = await import("../../remote/share-run.ts");
        return await shareRun(reference, options, cli.terminal);
      }),
    );
}
