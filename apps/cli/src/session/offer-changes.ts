import type { RunResult, RunSummary } from "@glovebox/core";
import { mayAsk } from "../consent.ts";
import { asTyped } from "../print/command-name.ts";
import { applyRun } from "../run/apply-run.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";

export interface OfferChangesOptions {
  readonly terminal: Terminal;
  readonly yes: boolean | undefined;
  readonly noInput: boolean | undefined;
}

/** Shows what a run changed, and applies it where the user agrees. Resolves to the exit code of that. */
export async function offerChanges(
  { runDirectory }: RunSummary,
  { runId, files }: RunResult,
  { terminal, yes, noInput }: OfferChangesOptions,
): Promise<number> {
  if (files === undefined || !files.manifest.some(({ change }) => change !== "unchanged")) return 0;
  if (yes || mayAsk(terminal, { noInput, json: false })) {
    const code = await applyRun({ arguments: [runId], paths: [] }, { ...(yes ? { yes } : {}) }, terminal);
    // Not to apply is no failure of what has run.
    return code === 130 ? 0 : code;
  }
  terminal.stderr.line(asTyped(`Apply it: glovebox apply ${runName(runDirectory)}`, terminal.env));
  return 0;
}
