import { join, relative } from "node:path";
import type { ManifestEntry, RunOutcome, RunResult } from "@glovebox/core";
import { stateDirectory } from "@glovebox/core/state";
import { formatBytes, formatCount, formatDuration, safeLine, safeName, safeText } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { runName } from "../runs/run-name.ts";
import type { Environment } from "../terminal.ts";
import { asTyped } from "./command-name.ts";
import { adviceLine } from "./describe-remedy.ts";
import { formatCost } from "./format-cost.ts";
import type { EndFacts } from "./run-printer.ts";
import { shownMessage } from "./shown-message.ts";

/** The most files that are listed by name. */
const mostListed = 20;
const mostRefs = 10;

const words: Record<RunOutcome, string> = {
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  "timed-out": "Timed out",
  "budget-exceeded": "Budget exceeded",
};

interface SummaryOptions extends EndFacts {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly directory: string;
  readonly env: Environment;
  readonly quiet?: boolean;
  /** The run was over long ago: it is only shown again. */
  readonly isReplay?: boolean;
  /** The hosts that the sandbox could not reach. */
  readonly refusedHosts?: readonly string[];
}

/** Prints the result as text: the outcome and the files to stdout, problems and the next command to stderr. */
export function printSummary(result: RunResult, options: SummaryOptions): void {
  const { stdout, stderr } = options;
  const { bold, green, red, dim } = stdout.colors;
  const ok = result.outcome === "succeeded";
  if (!options.quiet) {
    stdout.line();
    stdout.line(`${ok ? green("✓") : red("✗")} ${bold(words[result.outcome])}`);
  }
  if (result.files !== undefined) printFiles(result.files, options);
  if (!options.quiet) {
    const use = spent(result, options.isScripted ?? false);
    if (use !== "") stdout.line(`  ${dim("model")}  ${use}`);
    stdout.line(`  ${dim("time")}   ${formatDuration(result.durationMs)}`);
  }
  if (!ok && (options.quiet || result.reason !== words[result.outcome]))
    stderr.line(`${stderr.colors.red("error:")} ${shownMessage(result.reason)}`);
  printTrouble(result, options);
  const next = options.quiet ? undefined : nextStep(result, options);
  if (next !== undefined) stderr.line(`${stderr.colors.cyan("next:")} ${asTyped(next, options.env)}`);
  // The last line, for programs that read it.
  if (result.structuredOutput !== undefined) stdout.json(result.structuredOutput);
}

function printFiles(files: NonNullable<RunResult["files"]>, { stdout, directory, quiet }: SummaryOptions): void {
  const { dim } = stdout.colors;
  const changes = files.manifest.filter((entry) => entry.kind !== "directory" && entry.change !== "unchanged");
  if (!quiet) {
    for (const entry of changes.slice(0, mostListed)) stdout.line(`  ${fileLine(entry, stdout)}`);
    if (changes.length > mostListed) stdout.line(`  ${dim(`… +${changes.length - mostListed} more`)}`);
    const count = (change: ManifestEntry["change"]) => changes.filter((entry) => entry.change === change).length;
    const counts = (["created", "changed", "deleted"] as const)
      .filter((change) => count(change) > 0)
      .map((change) => `${count(change).toLocaleString("en-US")} ${change}`);
    stdout.line(`  ${dim("files")}  ${counts.join(", ") || "none changed"} (${formatBytes(files.bytes)})`);
    const git = gitLine(files);
    if (git !== "") stdout.line(`  ${dim("git")}    ${git}`);
  }
  const where = safeName(shown(files.directory, directory));
  stdout.line(quiet ? where : `  ${dim("where")}  ${where}`);
}

/** What the agent left in git, which is in none of the files. */
function gitLine({ refs = [], repositories = [] }: NonNullable<RunResult["files"]>): string {
  const names = refs
    .slice(0, mostRefs)
    .map((name) => safeName(name))
    .join(", ");
  const more = refs.length > mostRefs ? `, +${refs.length - mostRefs} more` : "";
  const restored = repositories.filter(({ state }) => state === "restored").slice(0, mostRefs);
  const places = restored.map(({ path }) => safeName(path === "" ? ".git" : `${path}/.git`));
  const parts = [
    refs.length === 0 ? "" : `commits: ${names}${more}`,
    places.length === 0 ? "" : `recreated: ${places.join(", ")}`,
  ];
  return parts.filter((part) => part !== "").join("; ");
}

function fileLine(entry: ManifestEntry, output: Output): string {
  const { green, yellow, red, dim } = output.colors;
  const mark = entry.change === "created" ? green("+") : entry.change === "deleted" ? red("-") : yellow("~");
  const size = entry.size === undefined || entry.change === "deleted" ? "" : ` ${dim(formatBytes(entry.size))}`;
  return `${mark} ${safeName(entry.path)}${size}`;
}

function spent(result: RunResult, isScripted: boolean): string {
  const { tokens, costUsd, maxCostUsd, maxTokens } = result;
  const limit = maxCostUsd === undefined ? "" : ` of $${maxCostUsd}`;
  const parts = [
    result.turns === undefined ? undefined : formatCount(result.turns, "turn"),
    tokens &&
      `${(tokens.input + tokens.cacheRead + tokens.cacheWrite).toLocaleString("en-US")} tokens in, ${tokens.output.toLocaleString("en-US")} out`,
    tokens && maxTokens && `${count(tokens)} of ${maxTokens.toLocaleString("en-US")} counted`,
    costUsd === undefined ? undefined : isScripted ? "scripted: nothing was spent" : `${formatCost(costUsd)}${limit}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

/** As limits of tokens count them: without what was read from the cache. */
function count({ input, output, cacheWrite }: NonNullable<RunResult["tokens"]>): string {
  return (input + output + cacheWrite).toLocaleString("en-US");
}

function printTrouble(result: RunResult, { stderr, env, refusedHosts = [] }: SummaryOptions): void {
  const { yellow, cyan } = stderr.colors;
  const warn = (text: string) => stderr.line(`${yellow("warning:")} ${asTyped(shownMessage(text), env)}`);
  const { files, cleanup } = result;
  if (files?.complete === false) warn("The collection broke off: files may be missing");
  // What makes the result incomplete comes before what is left out as a matter of course.
  const pastLimit = files?.skipped.filter((entry) => entry.pastLimit) ?? [];
  const skipped = [...pastLimit, ...(files?.skipped.filter((entry) => !entry.pastLimit) ?? [])];
  for (const entry of skipped.slice(0, 5)) {
    warn(`Not brought back: ${safeName(entry.path)} (${safeLine(entry.reason)})`);
  }
  if (skipped.length > 5) warn(`… and ${skipped.length - 5} more that were not brought back`);
  const executable = files?.executable ?? [];
  if (executable.length > 0) {
    warn("These can make your machine execute something, the most dangerous first (others may too):");
    for (const path of executable) stderr.line(`  ${yellow("!")} ${safeName(path)}`);
  }
  if (refusedHosts.length > 0) warn(refusedLine(refusedHosts));
  if (cleanup.state === "left")
    warn(`The sandbox ${cleanup.sandboxId ?? ""} could not be removed: ${safeLine(cleanup.reason)}`);
  const hint =
    adviceLine(result) ?? (pastLimit.length > 0 ? "More comes back with --max-file-size or --max-total-size." : "");
  if (hint !== "") stderr.line(`${cyan("hint:")} ${asTyped(safeText(hint), env)}`);
}

function refusedLine(hosts: readonly string[]): string {
  const more = hosts.length > 5 ? `, +${hosts.length - 5} more` : "";
  const were = hosts.length === 1 ? "was" : "were";
  return `${formatCount(hosts.length, "host")} ${were} refused: ${hosts.slice(0, 5).join(", ")}${more}. See glovebox network log --denied`;
}

function nextStep(
  { cleanup, files, runId }: RunResult,
  { env, isReplay, runDirectory }: SummaryOptions,
): string | undefined {
  const name = runName(runDirectory ?? join(stateDirectory(env), "runs", runId));
  if (cleanup.state === "left") return "glovebox reap";
  if (cleanup.state === "kept") return `glovebox rm ${name} removes the sandbox`;
  if (files?.patch !== undefined || files?.bundle !== undefined) return `glovebox apply ${name}`;
  return isReplay ? undefined : `glovebox logs ${name} shows it again`;
}

/** A path relative to the current directory, when it lies below. */
export function shown(path: string, directory: string): string {
  const from = relative(directory, path);
  return from === "" ? "." : from.startsWith("..") ? path : `./${from}`;
}
