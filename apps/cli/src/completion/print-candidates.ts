import { readdirSync } from "node:fs";
import { join } from "node:path";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine, safeName } from "@glovebox/core/text";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { knownNames } from "../plugins/plugin-names.ts";
import { complete } from "./complete.ts";

/** The newest runs and batches are those that somebody means. */
const mostNewest = 50;

/** `glovebox __complete`: prints what could stand at the end of the line. */
export function printCandidates(program: Command, { terminal, passedThrough: words }: Cli): number {
  const home = stateDirectory(terminal.env);
  const candidates = complete(program, words, {
    runs: () => newestIn(join(home, "runs")),
    batches: () => newestIn(join(home, "batches")),
    providers: () => knownNames("provider", home),
    harnesses: () => knownNames("harness", home),
  });
  for (const { text, description } of candidates)
    terminal.stdout.write(`${safeName(text)}\t${safeLine(description)}\n`);
  return 0;
}

/** Ids begin with the time. */
function newestIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort().reverse().slice(0, mostNewest);
  } catch {
    // There was none yet.
    return [];
  }
}
