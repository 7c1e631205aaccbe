import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { homeFolder } from "../config/home-folder.ts";
import { asTyped } from "../print/command-name.ts";

interface LogsOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `glovebox logs`. */
export function logsCommand(cli: Cli): Command {
  return new Command("logs")
    .summary("show what happened in a run")
    .description("Shows a run again, from its first event on: this folder's newest run, unless another is named.")
    .argument("[run]", "its id, the beginning or end of it, or its number in ps")
    .option("-f, --follow", "go on until the run ends")
    .option("--json", "the events as NDJSON")
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox logs\n  glovebox logs -f 1\n  glovebox logs --json | jq -r 'select(.type == \"tool.start\") | .name'\n",
    )
    .action(
      cli.act(async (reference: string | undefined, options: LogsOptions) => {
        const { createRunStore } = await import("@glovebox/core");
        const { createPrinter } = await import("../run/create-printer.ts");
        const { wasScripted } = await import("../run/drive-run.ts");
        const { findRun } = await import("../run/find-run.ts");
        const { terminal } = cli;
        const store = createRunStore(homeFolder(terminal.env));
        const run = await findRun(store, reference, terminal.cwd);
        const printer = createPrinter(terminal, { json: options.json, directory: terminal.cwd, isReplay: true });
        // A reader that went away ends it: `glovebox logs -f | head`.
        const events = store.events(run.runId, { follow: options.follow ?? false, signal: terminal.stdout.gone });
        for await (const event of events) {
          if (terminal.stdout.gone.aborted) return 0;
          printer.event(event);
        }
        const result = await store.result(run.runId);
        if (result !== undefined) printer.end(result, { isScripted: wasScripted(run.runDir) });
        else {
          printer.hush();
          if (!(await store.get(run.runId)).isAlive) printer.warn(asTyped(endOf(run.runId), terminal.env));
        }
        return 0;
      }),
    );
}

function endOf(runId: string): string {
  return `The process of this run ended before the run did; \`glovebox reap ${runId}\` brings its files back`;
}
