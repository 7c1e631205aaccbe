import type { Command } from "commander";

/** What every command that looks into a sandbox takes. */
export interface EntryOptions {
  readonly provider?: string;
}

/** The run whose sandbox is entered, and how to reach its provider. */
export function withEntryOptions(command: Command): Command {
  return command
    .argument(
      "[run]",
      "a run: its id, the start or end of it, or its number in ps (default: the newest of the current directory that has a sandbox)",
    )
    .option("--provider <name>", "the provider as it was given to the run, when its id is not an installed short name");
}
