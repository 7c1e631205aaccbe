import { resolve } from "node:path";
import { type ApplyPlan, type ApplyReport, applyPlan, hasCommits, type ManifestEntry, planApply } from "@glovebox/core";
import { formatCount, safeLine, safeName } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { asTyped } from "../print/command-name.ts";
import { mayWrite } from "../runs/may-write.ts";
import { findRunAndPaths } from "../runs/run-and-paths.ts";
import { runName } from "../runs/run-name.ts";
import { openRuns } from "../runs/runs.ts";
import { undoRun } from "../runs/undo-run.ts";
import type { Terminal } from "../terminal.ts";

export interface ApplyArguments {
  /** A run and paths, or paths alone. */
  readonly arguments: readonly string[];
  readonly paths: readonly string[];
}

export interface ApplyOptions {
  readonly exclude?: readonly string[];
  // words:allow undo: the name of the option
  readonly undo?: boolean;
  readonly target?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** The most paths that are listed of one kind. */
const mostListed = 30;

/** `glovebox apply`: shows the plan, asks, writes. Resolves to the exit code. */
export async function applyRun(names: ApplyArguments, options: ApplyOptions, terminal: Terminal): Promise<number> {
  // words:allow undo: the name of the option
  if (options.undo) return await undoRun(names, options, terminal);
  const { stdout, stderr } = terminal;
  const runs = await openRuns(terminal);
  const exclude = options.exclude ?? [];
  const named = await findRunAndPaths(runs, { ...names, exclude, terminal });
  const { run, result, selection } = named;
  const target = resolve(terminal.cwd, options.target ?? run.workspace ?? ".");
  const name = runName(run.runDirectory);
  const plan = await planApply({ result, runDirectory: run.runDirectory, target, selection });
  const bringsCommits = plan.bundle !== undefined && !(await hasCommits(target, plan.runId));
  const force = options.force ?? false;
  if (options.json) stdout.json(plan);
  else printApplyPlan(plan, { name, output: options.dryRun ? stdout : stderr, force, bringsCommits });
  const anything = plan.writes.length + plan.deletes.length + (force ? plan.conflicts.length : 0) > 0 || bringsCommits;
  if (options.dryRun || !anything) return plan.conflicts.length > 0 && !force ? 5 : 0;
  if (!(await mayWrite(`Write this into ${safeName(plan.target)}?`, options, terminal))) return 130;
  const report = await applyPlan(plan, { force });
  if (options.json) stdout.json(report);
  else {
    printReport(report, plan, stdout, stderr);
    if (report.written.length + report.deleted.length > 0)
      stderr.line(asTyped(`Undo it: \`glovebox apply --undo ${name}\``, terminal.env));
  }
  return report.conflicts.length + report.failed.length > 0 ? 5 : 0;
}

interface PlanView {
  /** What the run is called. */
  readonly name: string;
  readonly output: Output;
  readonly force: boolean;
  readonly bringsCommits: boolean;
}

function printApplyPlan(plan: ApplyPlan, options: PlanView): void {
  const { name, output, bringsCommits } = options;
  const { green, yellow, red, dim, bold } = output.colors;
  const list = (lines: readonly string[]) => {
    for (const line of lines.slice(0, mostListed)) output.line(`  ${line}`);
    if (lines.length > mostListed) output.line(dim(`  … +${lines.length - mostListed} more`));
  };
  output.line(`${bold(name)} into ${safeName(plan.target)}`);
  if (plan.executable.length > 0) {
    output.line(yellow("These can make this machine execute something, as others may too; look at them first:"));
    for (const path of plan.executable) output.line(`  ${yellow(`! ${safeName(path)}`)}`);
  }
  list(
    withoutImplied(plan.writes).map(
      (entry) => `${entry.change === "created" ? green("+") : yellow("~")} ${safeName(entry.path)}`,
    ),
  );
  list(plan.deletes.map((entry) => `${red("-")} ${safeName(entry.path)}`));
  if (plan.conflicts.length > 0) {
    output.line(
      options.force
        ? yellow("Changed since, and written over:")
        : yellow("Changed since, and left alone (--force writes over):"),
    );
    list(plan.conflicts.map(({ entry, reason }) => `≠ ${safeName(entry.path)} ${dim(safeLine(reason))}`));
  }
  if (plan.refused.length > 0) {
    output.line("Never written:");
    list(plan.refused.map(({ path, reason }) => `✗ ${safeName(path)} ${dim(safeLine(reason))}`));
  }
  if (bringsCommits) output.line(`The agent's commits, to refs/glovebox/${plan.runId}/ (no branch moves)`);
  else if (plan.writes.length + plan.deletes.length + plan.conflicts.length === 0) output.line("Nothing to do.");
}

/** Without the directories that something in the list is in: they come with it. */
function withoutImplied(entries: readonly ManifestEntry[]): readonly ManifestEntry[] {
  const parents = new Set(entries.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf("/")))));
  return entries.filter(({ kind, path }) => kind !== "directory" || !parents.has(path));
}

/** Directories are not counted: they are no files. */
function countFiles(paths: readonly string[], { writes, conflicts }: ApplyPlan): number {
  const planned = [...writes, ...conflicts.map(({ entry }) => entry)];
  const directories = new Set(planned.filter(({ kind }) => kind === "directory").map(({ path }) => path));
  return paths.filter((path) => !directories.has(path)).length;
}

function printReport(report: ApplyReport, plan: ApplyPlan, stdout: Output, stderr: Output): void {
  const deleted = report.deleted.length === 0 ? "" : `, ${formatCount(report.deleted.length, "file")} deleted`;
  const written = formatCount(countFiles(report.written, plan), "file");
  stdout.line(`${written} written${deleted} in ${safeName(plan.target)}`);
  for (const { ref, commit } of report.commits)
    stdout.line(`The agent's commits are at ${safeName(ref)} (${commit.slice(0, 12)})`);
  for (const { path, reason } of [...report.failed, ...report.conflicts].slice(0, mostListed)) {
    stderr.line(`Not written: ${safeName(path)}: ${safeLine(reason)}`);
  }
}
