import { lastApplied, planUndo, type RunSummary, type UndoPlan, undoApply } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { formatCount, formatDuration, safeLine, safeName } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import type { ApplyArguments, ApplyOptions } from "../run/apply-run.ts";
import { belongsTo } from "../run/find-run.ts";
import type { Terminal } from "../terminal.ts";
import { mayWrite } from "./may-write.ts";
import { runName } from "./run-name.ts";
import { openRuns, type Runs } from "./runs.ts";

/** The most paths that are listed of one kind. */
const mostListed = 30;

/** `glovebox apply --undo`: shows the plan, asks, writes. Resolves to the exit code. */
export async function undoRun(names: ApplyArguments, options: ApplyOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal;
  refuseOthers(names, options);
  const run = await findApplied(await openRuns(terminal), names.arguments[0], terminal.cwd);
  const plan = await planUndo(run);
  if (options.json) stdout.json(plan);
  else printUndoPlan(plan, runName(run.runDirectory), options.dryRun ? stdout : stderr);
  if (plan.conflicts.length > 0) {
    if (!options.json) stderr.line("Nothing was undone.");
    return 5;
  }
  if (options.dryRun) return 0;
  if (!(await mayWrite(`Undo this in ${safeName(plan.target)}?`, options, terminal))) return 130;
  const report = await undoApply(run);
  if (options.json) stdout.json(report);
  else {
    const removed = report.removed.length === 0 ? "" : `, ${report.removed.length} removed`;
    stdout.line(`${formatCount(report.restored.length, "file")} restored${removed} in ${safeName(plan.target)}`);
    for (const { path, reason } of report.failed) stderr.line(`Not undone: ${safeName(path)}: ${safeLine(reason)}`);
  }
  return report.failed.length > 0 ? 5 : 0;
}

function refuseOthers({ arguments: references, paths }: ApplyArguments, options: ApplyOptions): void {
  const { exclude, target, force } = options;
  if (references.length > 1 || paths.length > 0 || exclude !== undefined) {
    throw new InvalidOptionsError("--undo undoes an apply as a whole, so it takes no paths", {
      hint: "Undo it, then apply the files that you want.",
    });
  }
  const other = target === undefined ? force && "--force" : "--target";
  if (other) throw new InvalidOptionsError(`--undo cannot be used with ${other}`);
}

/** The named run, or of those of this directory the one that was applied last. */
async function findApplied(runs: Runs, reference: string | undefined, directory: string): Promise<RunSummary> {
  if (reference !== undefined) return await runs.get(reference);
  const times = (await runs.list())
    .filter((run) => belongsTo(run, directory))
    .flatMap((run) => {
      const at = lastApplied(run.runDirectory);
      return at === undefined ? [] : [{ run, at }];
    });
  const [newest] = times.sort((a, b) => b.at.getTime() - a.at.getTime());
  if (newest !== undefined) return newest.run;
  throw new InvalidOptionsError("No run of this directory was applied, or that was undone already", {
    hint: "Name the run: `glovebox ps` lists them.",
  });
}

function printUndoPlan(plan: UndoPlan, name: string, output: Output): void {
  const { green, yellow, red, dim, bold } = output.colors;
  const list = (lines: readonly string[]) => {
    for (const line of lines.slice(0, mostListed)) output.line(`  ${line}`);
    if (lines.length > mostListed) output.line(dim(`  … +${lines.length - mostListed} more`));
  };
  const ago = formatDuration(Math.max(0, Date.now() - plan.appliedAt.getTime()));
  output.line(`${bold(name)}, applied ${ago} ago to ${safeName(plan.target)}`);
  list(plan.restores.map(({ path, change }) => `${change === "created" ? green("+") : yellow("~")} ${safeName(path)}`));
  list(plan.removes.map(({ path }) => `${red("-")} ${safeName(path)}`));
  if (plan.refs.length > 0) output.line(`The references to the agent's commits, refs/glovebox/${plan.runId}/`);
  if (plan.conflicts.length === 0) return;
  output.line(yellow("Changed since, so it cannot be undone:"));
  list(plan.conflicts.map(({ path, reason }) => `≠ ${safeName(path)} ${dim(safeLine(reason))}`));
}
