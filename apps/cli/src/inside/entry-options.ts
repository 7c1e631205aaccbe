import type { Command } from "commander";
import { runReference } from "../options/run-reference.ts";

/** What every command that looks into a sandbox takes. */
export interface EntryOptions {
  readonly provider?: string;
}

/** The run whose sandbox is entered, and how to reach its provider. */
export function withEntryOptions(command: Command): Command {
  return command
    .argument("[run]", `${runReference} (default: the newest of the current directory that has a sandbox)`)
    .option("--provider <name>", "the provider as it was given to the run, when its id is not an installed short name");
}
