import { resolve } from "node:path";
import {
  type ApplyPlan,
  type ApplyReport,
  applyPlan,
  createRunStore,
  hasCommits,
  type ManifestEntry,
  planApply,
} from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { formatCount, safeLine, safeName } from "@glovebox/core/text";
import { createConsent } from "../consent.ts";
import type { Output } from "../output.ts";
import { canAsk, type Terminal } from "../terminal.ts";
import { findRun } from "./find-run.ts";

export interface ApplyOptions {
  readonly target?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** The most paths that are listed of one kind. */
const mostListed = 30;

/** `glovebox apply`: shows the plan, asks, writes. Resolves to the exit code. */
export async function applyRun(
  reference: string | undefined,
  options: ApplyOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const store = createRunStore(stateDirectory(terminal.env));
  const run = await findRun(store, reference, terminal.cwd);
  const result = await store.result(run.runId);
  if (result === undefined) {
    const hint = run.isAlive
      ? `Follow it: glovebox logs -f ${run.runId}`
      : `Its process is dead; bring its files back: glovebox reap ${run.runId}`;
    throw new InvalidOptionsError(`The run ${run.runId} has no result yet`, { hint });
  }
  const target = resolve(terminal.cwd, options.target ?? run.workspace ?? ".");
  const plan = await planApply({ result, runDirectory: run.runDirectory, target });
  const bringsCommits = plan.bundle !== undefined && !(await hasCommits(target, plan.runId));
  const force = options.force ?? false;
  if (options.json) stdout.json(plan);
  else printApplyPlan(plan, { output: options.dryRun ? stdout : stderr, force, bringsCommits });
  const anything = plan.writes.length + plan.deletes.length + (force ? plan.conflicts.length : 0) > 0 || bringsCommits;
  if (options.dryRun || !anything) return plan.conflicts.length > 0 && !force ? 5 : 0;
  if (!options.yes && !canAsk(terminal)) {
    throw new InvalidOptionsError("Nothing was written: nobody can be asked here", { hint: "Give --yes to write it." });
  }
  const consent = createConsent(terminal, { yes: options.yes, json: options.json });
  if (!(await consent(`Write this into ${safeName(plan.target)}?`))) return 130;
  const report = await applyPlan(plan, { force });
  if (options.json) stdout.json(report);
  else printReport(report, plan, stdout, stderr);
  return report.conflicts.length + report.failed.length > 0 ? 5 : 0;
}

interface PlanView {
  readonly output: Output;
  readonly force: boolean;
  readonly bringsCommits: boolean;
}

function printApplyPlan(plan: ApplyPlan, options: PlanView): void {
  const { output, bringsCommits } = options;
  const { green, yellow, red, dim, bold } = output.colors;
  const list = (lines: readonly string[]) => {
    for (const line of lines.slice(0, mostListed)) output.line(`  ${line}`);
    if (lines.length > mostListed) output.line(dim(`  … +${lines.length - mostListed} more`));
  };
  output.line(`${bold(plan.runId)} into ${safeName(plan.target)}`);
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
