import { Command, Option } from "commander";
import type { ReportOptions } from "../../batch/results/report-batch.ts";
import type { Cli } from "../../cli.ts";
import { batchReference } from "../../options/batch-reference.ts";

/** `glovebox batch report`. */
export function batchReportCommand(cli: Cli): Command {
  return new Command("report")
    .summary("report what came of a batch")
    .description(
      "Report the pass rate of a batch with its interval (Wilson, 95 % confidence), by group, model, harness and provider where " +
        "they differ, and each row with its verdict, cost, time and files. The HTML is one page without scripts.",
    )
    .argument("[batch]", `${batchReference} (default: the newest)`)
    .addOption(
      new Option("--format <format>", "format of the report")
        .choices(["markdown", "html", "json", "junit"])
        .default("markdown"),
    )
    .option("-o, --output <file>", "write it to this file (default: standard output)")
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox batch report\n  glovebox batch report --format html -o report.html\n" +
        "  glovebox batch report 2 --format junit -o junit.xml\n",
    )
    .action(
      cli.act(async (reference = "1", options: ReportOptions) => {
        const { reportBatch } = await import("../../batch/results/report-batch.ts");
        return await reportBatch(reference, options, cli.terminal);
      }),
    );
}
