import type { RunSummary } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { parseCommas } from "@glovebox/core/run-settings";
import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { didYouMean } from "../config/did-you-mean.ts";
import { argument } from "../options/argument.ts";
import { collect } from "../options/collect.ts";
import { parseMoment } from "../options/moment.ts";
import type { ListRunsOptions } from "../runs/list-runs.ts";
import { type RunState, runStates } from "../runs/run-state.ts";
import { mostListed } from "../runs/select-runs.ts";

const fields: readonly (keyof RunSummary)[] = [
  "runId",
  "runDirectory",
  "startedAt",
  "durationMs",
  "phase",
  "outcome",
  "reason",
  "isAlive",
  "isLeftBehind",
  "hasBegun",
  "providerId",
  "harnessId",
  "sandboxId",
  "outputDirectory",
  "workspace",
  "promptPreview",
  "exitCode",
  "costUsd",
  "tokens",
  "timeoutMs",
  "stalledSince",
  "labels",
];

/** `glovebox ps`. */
export function psCommand(cli: Cli): Command {
  return new Command("ps")
    .summary("list runs")
    .description(
      "List runs, newest first. Other commands accept the name in front of each, which stays the same; and 1 for the newest.",
    )
    .option(
      "-a, --all",
      `list all runs (default: active, left-over and the ${mostListed} most recent that had a sandbox)`,
    )
    .addOption(
      new Option("--state <states>", `only runs in these states: ${runStates.join(", ")}`).argParser(argument(states)),
    )
    .option("--provider <id>", "only runs on this provider")
    .addOption(
      new Option("--since <time>", "only runs that started since: 2h, or 2026-11-20T08:30").argParser(
        argument(parseMoment),
      ),
    )
    .addOption(new Option("--label <key[=value]>", "only runs with this label (repeatable)").argParser(collect))
    .option("-q, --quiet", "print the ids alone")
    .option("-w, --watch", "keep the list up to date until Ctrl-C; with --json, print a run whenever it changes")
    .addOption(
      new Option(
        "--json [fields]",
        `print one object per line, with these fields of it: ${fields.join(", ")}`,
      ).argParser(argument(fieldNames)),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  glovebox ps --state failed,timed-out --since 1d\n  glovebox ps --watch\n" +
        "  glovebox ps --json runId,outcome\n  glovebox rm $(glovebox ps -q --state cancelled)\n",
    )
    .action(
      cli.act(async (options: ListRunsOptions) => {
        const { listRuns } = await import("../runs/list-runs.ts");
        return await listRuns(options, cli.terminal);
      }),
    );
}

function states(text: string): readonly RunState[] {
  return parseCommas(text).map((name) => oneOf(name, runStates, "state"));
}

function fieldNames(text: string): readonly (keyof RunSummary)[] {
  return parseCommas(text).map((name) => oneOf(name, fields, "field"));
}

function oneOf<T extends string>(name: string, known: readonly T[], noun: string): T {
  const found = known.find((one) => one === name);
  if (found !== undefined) return found;
  const meant = didYouMean(name, known);
  const hint = meant === undefined ? `The ${noun}s are ${known.join(", ")}.` : `Did you mean ${meant}?`;
  throw new InvalidOptionsError(`${name} is not a ${noun}. ${hint}`);
}
