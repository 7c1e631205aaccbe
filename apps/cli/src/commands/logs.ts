import { stateDirectory } from "@glovebox/core/state";
import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { runReference } from "../options/run-reference.ts";
import { asTyped } from "../print/command-name.ts";

interface LogsOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `glovebox logs`. */
export function logsCommand(cli: Cli): Command {
  return new Command("logs")
    .summary("show what happened in a run")
    .description("Show a run again from its first event (default: the newest run of the current directory).")
    .argument("[run]", runReference)
    .option("-f, --follow", "keep printing until the run ends")
    .option("--json", "print the events as NDJSON")
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
        const store = createRunStore(stateDirectory(terminal.env));
        const run = await findRun(store, reference, terminal.cwd);
        const printer = createPrinter(terminal, { json: options.json, directory: terminal.cwd, isReplay: true });
        // A closed pipe ends it: `glovebox logs -f | head`.
        const events = store.events(run.runId, { follow: options.follow ?? false, signal: terminal.stdout.gone });
        for await (const event of events) {
          if (terminal.stdout.gone.aborted) return 0;
          printer.event(event);
        }
        const result = await store.result(run.runId);
        if (result !== undefined) printer.end(result, { isScripted: wasScripted(run.runDirectory) });
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
