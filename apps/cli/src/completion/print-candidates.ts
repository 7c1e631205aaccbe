import { readdirSync } from "node:fs";
import { join } from "node:path";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine, safeName } from "@glovebox/core/text";
import type { Command } from "commander";
import { builtIn } from "../built-in.ts";
import type { Cli } from "../cli.ts";
import { shortName } from "../plugins/package-name.ts";
import type { PluginKind } from "../plugins/plugin-kind.ts";
import { readPluginManifests } from "../plugins/plugin-manifests.ts";
import { complete } from "./complete.ts";

/** The newest runs and batches are those that somebody means. */
const mostNewest = 50;

/** `glovebox __complete`: prints what could stand at the end of the line. */
export function printCandidates(program: Command, { terminal, passedThrough: words }: Cli): number {
  const home = stateDirectory(terminal.env);
  const names = (kind: PluginKind) => () => namesOf(kind, home);
  const candidates = complete(program, words, {
    runs: () => newestIn(join(home, "runs")),
    batches: () => newestIn(join(home, "batches")),
    providers: names("provider"),
    harnesses: names("harness"),
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

function namesOf(kind: PluginKind, home: string): readonly string[] {
  const installed = readPluginManifests(home).filter((manifest) => manifest.kind === kind);
  return [...new Set([...builtIn.published[kind], ...installed.map(({ name }) => shortName(kind, name))])];
}
