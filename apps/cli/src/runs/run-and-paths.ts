import { isAbsolute, relative, resolve, sep } from "node:path";
import { PathSelection, type RunResult, type RunSummary } from "@glovebox/core";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";
import { findRun } from "../run/find-run.ts";
import type { Terminal } from "../terminal.ts";
import { runName } from "./run-name.ts";
import type { Runs } from "./runs.ts";

export interface RunAndPaths {
  /** The arguments before `--`: a run and paths, or paths alone. */
  readonly arguments: readonly string[];
  /** Those after it: paths. */
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly terminal: Terminal;
}

/**
 * Finds which run, and which of its files, the arguments mean. As in git, the first one is a run if there is one by this
 * name, and a path otherwise; `--` tells them apart where both fit. A path at which the run changed nothing is an error.
 */
export async function findRunAndPaths(
  runs: Runs,
  names: RunAndPaths,
): Promise<{ readonly run: RunSummary; readonly result: RunResult; readonly selection: PathSelection }> {
  const [first, ...rest] = names.arguments;
  const named = first === undefined ? undefined : await runNamed(runs, first);
  const directory = names.terminal.cwd;
  const found = named ?? (await findRun(runs, undefined, directory));
  const run = await runs.recovered(found);
  const paths = [...(named === undefined ? names.arguments : rest), ...names.paths];
  const inWorkspace = (path: string) => workspacePath(path, run.workspace, directory);
  const selection = new PathSelection({ only: paths.map(inWorkspace), exclude: names.exclude.map(inWorkspace) });
  const result = await runs.finished(run);
  const changed = (result.files?.manifest ?? []).filter(({ change }) => change !== "unchanged");
  const unmatched = result.files && selection.unmatched(changed.map(({ path }) => path));
  if (unmatched !== undefined) {
    const noRun = named === undefined && first !== undefined ? `There is no run ${safeName(first)} either. ` : "";
    throw new InvalidOptionsError(`The run ${runName(run.runDirectory)} changed nothing at ${safeName(unmatched)}`, {
      hint: `${noRun}\`glovebox diff --name-only\` lists what it changed.`,
    });
  }
  return { run, result, selection };
}

async function runNamed(runs: Runs, name: string): Promise<RunSummary | undefined> {
  try {
    return await runs.get(name);
  } catch (error) {
    // A name of the form of an id is not a path: its error says that there is no such run.
    const isId = /^\d{1,4}$|^\d{8}-\d{6}/.test(name);
    if (!isId && SandboxError.isInstance(error) && error.code === "not-found") return undefined;
    throw error;
  }
}

/** The path as the run's manifest has it: from the current directory where that is in the workspace, else from its top. */
function workspacePath(path: string, workspace: string | undefined, directory: string): string {
  const isInside = workspace !== undefined && !leaves(relative(workspace, directory));
  if (!isInside && !isAbsolute(path)) return path;
  const inWorkspace = relative(workspace ?? "/", resolve(directory, path));
  if (leaves(inWorkspace)) {
    throw new InvalidOptionsError(`${safeName(path)} is not in the run's workspace, ${safeName(workspace ?? "/")}`);
  }
  return inWorkspace === "" ? "." : inWorkspace.split(sep).join("/");
}

function leaves(path: string): boolean {
  return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path);
}
