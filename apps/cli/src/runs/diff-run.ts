import { openDiff, type RunDiff } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { formatCount, safeName } from "@glovebox/core/text";
import { diffStat } from "../print/diff-stat.ts";
import { diffText, wordDiffText } from "../print/diff-text.ts";
import type { Terminal } from "../terminal.ts";
import { pagerFor, showInPager } from "./pager.ts";
import { findRunAndPaths } from "./run-and-paths.ts";
import { runName } from "./run-name.ts";
import { openRuns } from "./runs.ts";

export interface DiffOptions {
  readonly stat?: boolean;
  readonly nameOnly?: boolean;
  readonly wordDiff?: boolean;
  readonly json?: boolean;
  readonly exclude?: readonly string[];
  readonly pager: boolean;
}

/** `glovebox diff`. */
export async function diffRun(
  names: { readonly arguments: readonly string[]; readonly paths: readonly string[] },
  options: DiffOptions,
  terminal: Terminal,
): Promise<number> {
  requireOneForm(options);
  const { stdout, stderr } = terminal;
  const runs = await openRuns(terminal);
  const exclude = options.exclude ?? [];
  const { run, result, selection } = await findRunAndPaths(runs, { ...names, exclude, terminal });
  const diff = await openDiff({ result, runDirectory: run.runDirectory, selection });
  if (options.json) {
    const lines = await diff.lines();
    for (const entry of diff.entries) stdout.json({ ...entry, ...lines.get(entry.path) });
    return 0;
  }
  if (diff.entries.length === 0) stderr.line(`The run ${runName(run.runDirectory)} changed no files.`);
  const isPatch = !options.stat && !options.nameOnly && !options.wordDiff;
  if (isPatch && !stdout.isTTY) await stdout.pipe(diff.patch());
  else {
    const pager = options.pager ? pagerFor(terminal) : undefined;
    const text = textOf(diff, options, terminal);
    if (pager === undefined) await stdout.pipe(text);
    else await showInPager(pager, text, terminal.env);
  }
  if (diff.tooLarge.length > 0 && (isPatch || options.wordDiff)) {
    const names = diff.tooLarge.slice(0, 5).map(({ path }) => safeName(path));
    const more = diff.tooLarge.length > names.length ? ", …" : "";
    stderr.line(`${formatCount(diff.tooLarge.length, "file")} too large to compare: ${names.join(", ")}${more}`);
  }
  return 0;
}

function requireOneForm({ stat, nameOnly, wordDiff, json }: DiffOptions): void {
  const forms = Object.entries({ "--stat": stat, "--name-only": nameOnly, "--word-diff": wordDiff, "--json": json });
  const [first, second] = forms.filter(([, isGiven]) => isGiven).map(([flag]) => flag);
  if (second !== undefined) throw new InvalidOptionsError(`${first} cannot be used with ${second}`);
}

async function* textOf(
  diff: RunDiff,
  { stat, nameOnly, wordDiff }: DiffOptions,
  { stdout }: Terminal,
): AsyncGenerator<string> {
  if (nameOnly) {
    // A program that reads them gets them as they are, but for a name that would be two lines.
    const shown = (path: string) => (stdout.isTTY || path.includes("\n") ? safeName(path) : path);
    yield diff.entries.map(({ path }) => `${shown(path)}\n`).join("");
  } else if (stat) {
    yield diffStat(diff.entries, await diff.lines(), stdout)
      .map((line) => `${line}\n`)
      .join("");
  } else if (wordDiff) yield* wordDiffText(diff.words(), stdout.colors);
  else yield* diffText(diff.text(), stdout.colors);
}
