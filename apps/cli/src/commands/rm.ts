import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { homeFolder } from "../config/home-folder.ts";
import type { ProviderOptions } from "../run/open-provider.ts";

interface RmOptions extends ProviderOptions {
  readonly force?: boolean;
}

/** `glovebox rm`. */
export function rmCommand(cli: Cli): Command {
  return new Command("rm")
    .summary("forget runs, and remove what is left of their sandboxes")
    .description(
      "Removes the sandbox of a run, where one is left, and its journal. The files that it brought back stay.",
    )
    .argument("<run...>", "ids, beginnings or ends of them, or numbers in ps")
    .option("--provider <name>", "where its sandbox is, when it is no installed provider's short name")
    .option("--force", "also when the files of its sandbox were never brought back")
    .action(
      cli.act(async (references: readonly string[], options: RmOptions) => {
        const { createRunStore } = await import("@glovebox/core");
        const { removeRun } = await import("../run/remove-run.ts");
        const store = createRunStore(homeFolder(cli.terminal.env));
        // All are found before the first is gone: numbers keep their meaning.
        const runs = await Promise.all(references.map((reference) => store.get(reference)));
        for (const run of new Map(runs.map((found) => [found.runId, found])).values()) {
          await removeRun({
            store,
            run,
            force: options.force ?? false,
            provider: options.provider,
            terminal: cli.terminal,
          });
          cli.terminal.stdout.line(run.runId);
        }
        return 0;
      }),
    );
}
