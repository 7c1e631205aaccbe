import { type ApplyPlan, applyPlan, hasCommits, planApply, type RunResult } from "@glovebox/core";
import { formatCount, safeLine, safeName } from "@glovebox/core/text";
import type { DirectoryPaths } from "../directory-paths.ts";
import type { Choice, Editor } from "../editor.ts";
import { applyContent, remark } from "./apply-content.ts";

/** When what the agent changed is written to the editor's directory. */
export type SyncMode = "live" | "ask" | "end";

export interface SyncChangesOptions {
  readonly editor: Editor;
  readonly paths: DirectoryPaths;
  readonly runDirectory: string;
  readonly result: RunResult;
  /** Whether the user is asked although nothing can make the host execute something. */
  readonly asks: boolean;
  readonly signal: AbortSignal;
}

export interface Synced {
  /** Whether nothing is left to ask for: everything was written that may be. */
  readonly isDone: boolean;
  /** Whether the user wants not to be asked again. */
  readonly wantsMore: boolean;
}

type Answer = "apply" | "always" | "later";

/** How many files an editor is led to, and how many problems are shown. */
const mostShown = 20;

/**
 * Writes what a run and those that it continues have changed into the directory, with the guards of `glovebox apply`: a file that
 * the user has changed since stays. Asks first where it has to.
 */
export async function syncChanges(options: SyncChangesOptions): Promise<Synced> {
  const { paths, runDirectory, result, asks } = options;
  const plan = await planApply({ result, runDirectory, target: paths.directory });
  const toolCallId = `${result.runId}/apply`;
  if (asks || plan.executable.length === 0) return await carryOut(plan, toolCallId, options);
  const harmless = await carryOut(withoutExecutables(plan), toolCallId, options);
  const risky = await carryOut(executablesOf(plan), `${toolCallId}/asked`, options);
  return { isDone: harmless.isDone && risky.isDone, wantsMore: false };
}

/** What may be written without a question. */
function withoutExecutables(plan: ApplyPlan): ApplyPlan {
  const isAsked = ({ path }: ApplyPlan["writes"][number]) =>
    plan.executable.some((executable) => executable === path || executable.startsWith(`${path}/`));
  return { ...plan, writes: plan.writes.filter((entry) => !isAsked(entry)), executable: [] };
}

/** What can make the host execute something. */
function executablesOf({ bundle, ...plan }: ApplyPlan): ApplyPlan {
  const executable = new Set(plan.executable);
  const writes = plan.writes.filter(({ path }) => executable.has(path));
  return { ...plan, writes, deletes: [], conflicts: [], refused: [] };
}

/** Shows a plan, asks where it has to, and writes. */
async function carryOut(plan: ApplyPlan, toolCallId: string, options: SyncChangesOptions): Promise<Synced> {
  const { editor, paths, result, signal } = options;
  const bringsCommits = plan.bundle !== undefined && !(await hasCommits(plan.target, plan.runId));
  const content = await applyContent(plan, options);
  if (plan.writes.length + plan.deletes.length === 0 && !bringsCommits) {
    if (plan.conflicts.length + plan.refused.length > 0)
      await editor.send([
        { sessionUpdate: "tool_call", toolCallId, title: titleOf(plan), kind: "edit", status: "failed", content },
      ]);
    return { isDone: true, wantsMore: false };
  }
  const call = {
    toolCallId,
    title: titleOf(plan),
    kind: "edit" as const,
    content,
    locations: locationsOf(plan, paths),
  };
  await editor.send([{ sessionUpdate: "tool_call", ...call, status: "pending" }]);
  const answer = await decide(plan, call, options);
  const end = async (status: "completed" | "failed", text: string) =>
    await editor.send([{ sessionUpdate: "tool_call_update", toolCallId, status, content: [...content, remark(text)] }]);
  if (answer !== "apply" && answer !== "always") {
    await end("failed", `Not written. Later: glovebox apply ${result.runId}`);
    return { isDone: false, wantsMore: false };
  }
  const report = await applyPlan(plan, {});
  const problems = [...report.failed, ...report.conflicts].map(
    ({ path, reason }) => `Not written: ${safeName(path)}: ${safeLine(reason)}`,
  );
  const shown = problems.slice(0, mostShown);
  if (problems.length > mostShown) shown.push(`… and ${problems.length - mostShown} more are not written`);
  const takeBack = `Take it back: glovebox apply --undo ${result.runId}`;
  await end(problems.length === 0 ? "completed" : "failed", [...shown, takeBack].join("\n"));
  return { isDone: report.failed.length === 0, wantsMore: answer === "always" && !signal.aborted };
}

async function decide(
  plan: ApplyPlan,
  call: Parameters<Editor["ask"]>[0],
  { editor, asks, signal }: SyncChangesOptions,
): Promise<Answer | undefined> {
  if (!asks && plan.executable.length === 0) return "apply";
  const choices: readonly Choice<Answer>[] = [
    { optionId: "apply", name: "Write them to the directory", kind: "allow_once" },
    ...(asks && plan.executable.length === 0
      ? [
          {
            optionId: "always" as const,
            name: "Write them, and those of further prompts",
            kind: "allow_always" as const,
          },
        ]
      : []),
    { optionId: "later", name: "Not now", kind: "reject_once" },
  ];
  return await editor.ask({ ...call, status: "pending" }, choices, signal);
}

function titleOf({ writes, deletes, conflicts, refused }: ApplyPlan): string {
  const files = writes.filter(({ kind }) => kind !== "directory").length;
  const parts = [
    files > 0 && `write ${formatCount(files, "file")}`,
    deletes.length > 0 && `delete ${formatCount(deletes.length, "file")}`,
    conflicts.length > 0 && `leave ${formatCount(conflicts.length, "file")} that you changed`,
    refused.length > 0 && `refuse ${formatCount(refused.length, "file")}`,
  ].filter((part) => part !== false);
  const text = parts.join(", ") || "bring the agent's commits";
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}

function locationsOf({ writes }: ApplyPlan, paths: DirectoryPaths) {
  return writes
    .filter(({ kind }) => kind === "file")
    .slice(0, mostShown)
    .flatMap(({ path }) => {
      const place = paths.toHost(path);
      return place === undefined ? [] : [{ path: place }];
    });
}
