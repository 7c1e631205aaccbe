import { runSettings } from "@glovebox/core/run-settings";
import { Command, type Option } from "commander";
import type { BatchOptions } from "../../batch/batch-options.ts";
import type { Cli } from "../../cli.ts";
import type { RunOptions } from "../../config/run-options.ts";
import { addBriefHelp } from "../../options/brief-help.ts";
import { allRunOptions } from "../../options/run-options.ts";
import { pluginOptions } from "../../plugins/plugin-options.ts";
import { batchFlags } from "./batch-flags.ts";
import { batchCompareCommand } from "./compare.ts";
import { listBatchesCommand } from "./list-batches.ts";
import { batchPickCommand } from "./pick.ts";
import { removeBatchCommand } from "./remove-batch.ts";
import { batchReportCommand } from "./report.ts";
import { resumeBatchCommand } from "./resume-batch.ts";
import { showBatchCommand } from "./show-batch.ts";
import { stopBatchCommand } from "./stop-batch.ts";

/** Of a single run, or of a batch in another way. */
const notOfRows: ReadonlySet<string> = new Set([
  ...["prompt", "promptFile", "choose", "interactive", "publish", "maxCost", "maxBudgetUsd", "verbose"],
  ...["output", "json", "quiet", "dryRun", "detach"],
  // A batch notifies nobody, and an address may be a secret, which its record must not hold.
  ...["notify", "notifyAt", "notifySecretFile"],
]);

const rowsTakeOptions = "The options of run are options of batch, too, for every row: --help-all lists them.\n";

const examples = `A batch file, batch.yaml:
  defaults: { workspace: ., verify: npm test, limits: { timeout: 15m, maxCost: 1 } }
  rows:
    - prompt: Fix the failing test in src/date.ts
    - { id: docs, prompt: Document the public functions, repeat: 3 }

Examples:
  glovebox batch batch.yaml --concurrency 8 --max-cost 20
  glovebox batch --prompt-dir prompts --workspace . --matrix models=opus,haiku
  glovebox batch resume
`;

const exitCodes = `Exit codes, the first that applies:
  2    the command line or the file is wrong, and nothing was started
  3    the rows cannot start: no engine, no credential
  130  cancelled; \`batch resume\` continues
  6    the batch's budget is used up; \`batch resume --max-cost\` continues
  4    the batch's own journal failed, or a row could not be run
  1    a row failed, or its verification did
  5    every row succeeded, and some results are missing or something could not be cleaned up
  0    every row succeeded and was verified
`;

const prose = `
The rows come from a file (YAML, JSON, JSONL, CSV), from standard input (-), or from --prompt-dir. Options of run hold for every
row and have priority over the file; a row has priority over GLOVEBOX_… variables and config.json.
`;

/** `glovebox batch`. */
export function batchCommand(cli: Cli): Command {
  const command = new Command("batch")
    // What stands after a subcommand is that one's: `batch pick --yes`.
    .enablePositionalOptions()
    .summary("run many prompts, each in a sandbox of its own")
    .description(
      "Run the rows of a batch file, a few at a time under one budget; resume after a crash; list and compare what came of them.",
    )
    .usage("[options] [file]")
    .argument("[file]", "batch file: YAML, JSONL or CSV; - for standard input");
  for (const option of [...batchFlags(), ...rowOptions(), ...pluginOptions(cli)]) command.addOption(option);
  for (const factory of [
    resumeBatchCommand,
    listBatchesCommand,
    showBatchCommand,
    batchReportCommand,
    batchCompareCommand,
    batchPickCommand,
    stopBatchCommand,
    removeBatchCommand,
  ]) {
    command.addCommand(factory(cli));
  }
  addBriefHelp(
    command,
    { brief: `\n${rowsTakeOptions}\n${examples}`, whole: `${prose}\n${examples}\n${exitCodes}` },
    batchFlags,
  );
  return command.action(
    cli.act(async (file: string | undefined, values: Record<string, unknown>, self: Command) => {
      const { startBatchCommand } = await import("../../batch/start-batch.ts");
      return await startBatchCommand({ file, ...sourcesOf(values, self), extraArgs: cli.passedThrough }, cli.terminal);
    }),
  );
}

function rowOptions(): Option[] {
  return allRunOptions().filter((option) => {
    const own = batchFlags().some((flag) => flag.attributeName() === option.attributeName());
    return !own && !notOfRows.has(option.attributeName());
  });
}

/** The values by where they come from: what is typed has priority over the rows, and these over variables. */
function sourcesOf(values: Readonly<Record<string, unknown>>, command: Command) {
  const own = new Set(batchFlags().map((option) => option.attributeName()));
  const pick = (select: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== undefined && select(name)));
  const isRow = (name: string) => !own.has(name);
  const isVariable = (name: string) => command.getOptionValueSource(name) === "env";
  const options = pick((name) => own.has(name) || ["yes", "noInput"].includes(name)) as BatchOptions;
  return {
    options,
    flags: pick((name) => isRow(name) && !isVariable(name)) as RunOptions,
    variables: pick((name) => isRow(name) && isVariable(name) && name in runSettings) as RunOptions,
  };
}
