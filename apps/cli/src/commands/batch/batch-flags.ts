import { parseAmount, parseCount } from "@glovebox/core/run-settings";
import { Option } from "commander";
import { argument } from "../../options/argument.ts";
import { collect } from "../../options/collect.ts";
import { parseConcurrency } from "../../options/parse-concurrency.ts";

const group = "Batch:";

/** How the rows are run: also for a batch that is resumed. */
export function limitFlags(): Option[] {
  return [
    new Option(
      "--concurrency <n>",
      "rows at the same time, in all and by provider: 8, or 8,PROVIDER=2 (default: 4 or fewer)",
    ).argParser(argument(parseConcurrency)),
    new Option(
      "--max-cost <usd>",
      "model cost limit of the whole batch in US dollars (enforced by the gateway)",
    ).argParser(argument(parseAmount)),
    new Option(
      "--max-tokens <n>",
      "limit of tokens of the whole batch; tokens read from the cache do not count",
    ).argParser(argument((text) => parseCount(text))),
    new Option("--strict-budget", "let a request leave only once the most that it can use is reserved"),
    new Option(
      "--retry-failed [n]",
      "retry a row up to n times (default: 1) when the model's API or the sandbox failed; each attempt is a run of its own",
    )
      .argParser(argument((text) => parseCount(text)))
      .preset("1"),
  ].map((option) => option.helpGroup(group));
}

/** Flags of `glovebox batch FILE` beside those of `run`. */
export function batchFlags(): Option[] {
  return [
    ...[
      new Option("--prompt-dir <dir>", "a row for each file of this directory, in place of a batch file"),
      new Option("--format <format>", "format of the file (default: by its ending or its content)").choices([
        "yaml",
        "jsonl",
        "csv",
      ]),
      new Option(
        "--matrix <key=a,b>",
        "multiply the rows: prompts, agents (a+b joins two, - for no agent), models or providers (repeatable)",
      ).argParser(collect),
      new Option("--repeat <n>", "run each row this many times").argParser(argument((text) => parseCount(text))),
      new Option("--verify <command>", "judge each result with this command, in a fresh sandbox"),
    ].map((option) => option.helpGroup(group)),
    ...limitFlags(),
    ...[
      new Option("--max-cost-per-row <usd>", "model cost limit of each attempt in US dollars").argParser(
        argument(parseAmount),
      ),
      new Option("--fail-fast", "stop at the first row that fails"),
      new Option("--trust-file", "let the file's rows do more than your flags and your configuration allow"),
      new Option("--detach", "print the batch's id once it has begun, and let a process of its own run it"),
      new Option("--dry-run", "print the rows and the most that they can cost, and start nothing"),
      new Option("--output <dir>", "where the files go: each row's to DIR/ROW (default: ./batch-<id>)"),
      new Option("--json", "print every event of the batch to stdout, one JSON object per line"),
      new Option("-q, --quiet", "print only warnings and the last line"),
    ].map((option) => option.helpGroup(group)),
  ];
}
