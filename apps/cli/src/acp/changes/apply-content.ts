import type { ToolCallContent } from "@agentclientprotocol/sdk";
import { type ApplyPlan, openRunFiles, type RunFiles, type RunResult } from "@glovebox/core";
import { safeLine, safeName } from "@glovebox/core/text";
import type { DirectoryPaths } from "../directory-paths.ts";
import { errorLine } from "../protocol-error.ts";

export interface ApplyContentOptions {
  readonly paths: DirectoryPaths;
  readonly runDirectory: string;
  readonly result: RunResult;
  readonly signal: AbortSignal;
}

type Entry = ApplyPlan["writes"][number];
type PlacedEntry = Parameters<RunFiles["text"]>[0]["entry"];

interface Shown {
  readonly diff?: ToolCallContent;
  /** What the diff, or its lack, does not show. */
  readonly hidden: readonly string[];
}

/** How many changed files are shown, and the most of each, in bytes. */
const [mostShown, mostBytes] = [20, 64 * 1024];

/** How many files of one kind are named. What can make the host execute something is named in full, but for a flood. */
const [mostNamed, mostExecutable] = [100, 1000];

/** What a plan would do, as a question shows it: the changes, and in words all that they do not show. */
export async function applyContent(plan: ApplyPlan, options: ApplyContentOptions): Promise<ToolCallContent[]> {
  const { diffs, lines } = await changesOf(plan, options);
  const remarks = [...remarksOf(plan), ...lines];
  return remarks.length === 0 ? diffs : [...diffs, remark(remarks.join("\n"))];
}

/** A few words of ours in a tool call. */
export function remark(text: string): ToolCallContent {
  return { type: "content", content: { type: "text", text } };
}

function remarksOf({ executable, conflicts, refused }: ApplyPlan): readonly string[] {
  return [
    ...named(
      executable.map((path) => `This can make your machine execute something; look at it first: ${safeName(path)}`),
      "can make your machine execute something",
      mostExecutable,
    ),
    ...named(
      conflicts.map(({ entry, reason }) => `Left as you have it: ${safeName(entry.path)}: ${safeLine(reason)}`),
      "are left as you have them",
    ),
    ...named(
      refused.map(({ path, reason }) => `Never written: ${safeName(path)}: ${safeLine(reason)}`),
      "are never written",
    ),
  ];
}

function named(lines: readonly string[], rest: string, most: number = mostNamed): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} more ${rest}`];
}

async function changesOf(
  plan: ApplyPlan,
  { paths, ...place }: ApplyContentOptions,
): Promise<{ readonly diffs: ToolCallContent[]; readonly lines: readonly string[] }> {
  const executable = new Set(plan.executable);
  const entries = [...plan.writes, ...plan.deletes]
    .filter(({ kind }) => kind !== "directory")
    .sort((a, b) => Number(executable.has(b.path)) - Number(executable.has(a.path)));
  const notShown = (lines: readonly string[]) => named(lines, "are not shown");
  try {
    const files = await openRunFiles(place);
    const base = new Map(files.base.map((entry) => [entry.path, entry]));
    const shown = [];
    for (const [index, entry] of entries.entries()) {
      const show = { entry, before: base.get(entry.path), path: paths.toHost(entry.path) };
      shown.push({
        entry,
        ...(index < mostShown ? await showEntry(show, files) : { hidden: [`after the first ${mostShown} files`] }),
      });
    }
    const lines = shown
      .filter(({ hidden }) => hidden.length > 0)
      .map(({ entry, hidden }) => `Not shown: ${safeName(entry.path)} (${hidden.join(", ")})`);
    return { diffs: shown.flatMap(({ diff }) => diff ?? []), lines: notShown(lines) };
  } catch (error) {
    const lines = notShown(entries.map(({ path }) => `Not shown: ${safeName(path)}`));
    return {
      diffs: [],
      lines: [errorLine(`The changes cannot be shown: ${(error as Error).message}`, undefined), ...lines],
    };
  }
}

async function showEntry(
  show: { readonly entry: Entry; readonly before: PlacedEntry | undefined; readonly path: string | undefined },
  files: RunFiles,
): Promise<Shown> {
  const { entry, before, path } = show;
  const isDeleted = entry.change === "deleted";
  const why = [entry, before].map(whyNoText).find((one) => one !== undefined);
  if (why !== undefined) return { hidden: [why] };
  if (path === undefined) return { hidden: ["hidden characters in its name"] };
  const newText = isDeleted ? "" : await files.text({ entry, from: "result" }, mostBytes);
  const oldText = before === undefined ? undefined : await files.text({ entry: before, from: "base" }, mostBytes);
  if (newText?.includes("\0") || oldText?.includes("\0")) return { hidden: ["not text"] };
  const hidden = !isDeleted && isProgram(entry) !== isProgram(before) ? [`mode ${entry.mode}`] : [];
  if (newText === undefined || (newText === oldText && hidden.length > 0)) return { hidden };
  return { hidden, diff: { type: "diff", path, newText, ...(oldText === undefined ? {} : { oldText }) } };
}

function whyNoText(entry: PlacedEntry | undefined): string | undefined {
  if (entry === undefined || (entry.kind === "file" && (entry.size ?? 0) <= mostBytes)) return undefined;
  if (entry.kind === "symlink") return `link to ${safeName(entry.target ?? "")}`;
  return entry.kind === "file" ? "too large" : entry.kind;
}

function isProgram(entry: PlacedEntry | undefined): boolean {
  return entry !== undefined && (Number.parseInt(entry.mode, 8) & 0o111) !== 0;
}
