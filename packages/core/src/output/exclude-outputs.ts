import { join } from "node:path";
import { hostGit } from "../files/git/host-git.ts";
import { parentOf } from "../files/paths/parent-of.ts";
import { identityOf, OutputRecord } from "./output-record.ts";

export interface ExcludeOutputsOptions {
  /** The project, a real path. */
  readonly workspace: string;
  readonly runDirectory: string;
  readonly home?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  onWarning?(code: string, message: string): void;
}

const mostNamed = 5;
/** What an output is called unless the user names it: see `newRunId`. */
const defaultName = /^sandbox-\d{8}-\d{6}-[a-z2-9]{6}$/;

/**
 * A workspace's paths without the outputs of runs: one that went in would come back with the next result, and double what
 * is uploaded with every run. They are known by the state directory, also after they were moved, and by the name that they get
 * unless the user chooses one. What git tracks was made a part of the project and stays.
 */
export async function excludeOutputs(paths: readonly string[], options: ExcludeOutputsOptions): Promise<string[]> {
  const outputs = findOutputs(paths, options);
  if (outputs.length === 0) return [...paths];
  const isInOutput = (path: string) => outputs.some((output) => path === output || path.startsWith(`${output}/`));
  const tracked = await trackedBelow(outputs, options);
  const left = outputs.filter((output) => paths.some((path) => path.startsWith(output) && !tracked.has(path)));
  if (left.length > 0) {
    const named = left.slice(0, mostNamed).join(", ");
    const more = left.length > mostNamed ? ` and ${left.length - mostNamed} more` : "";
    options.onWarning?.("outputs", `Left out of the workspace, since they are the output of runs: ${named}${more}`);
  }
  return paths.filter((path) => tracked.has(path) || !isInOutput(path));
}

/** The outermost directories among those of the paths that are outputs. */
function findOutputs(paths: readonly string[], { workspace, home, runDirectory }: ExcludeOutputsOptions): string[] {
  const known = OutputRecord.all(home ?? runDirectory);
  const answers = new Map<string, string | undefined>([["", undefined]]);
  const outputOf = (directory: string): string | undefined => {
    const answer = answers.get(directory);
    if (answer !== undefined || answers.has(directory)) return answer;
    const output = outputOf(parentOf(directory)) ?? (isOutput(workspace, directory, known) ? directory : undefined);
    answers.set(directory, output);
    return output;
  };
  const found = paths.flatMap((path) => outputOf(parentOf(path)) ?? []);
  return [...new Set(found)];
}

function isOutput(workspace: string, directory: string, known: ReturnType<typeof OutputRecord.all>): boolean {
  if (defaultName.test(directory.slice(directory.lastIndexOf("/") + 1))) return true;
  const full = join(workspace, directory);
  if (known.paths.has(full)) return true;
  if (known.identities.size === 0) return false;
  const identity = identityOf(full);
  return identity !== undefined && known.identities.has(identity);
}

async function trackedBelow(outputs: readonly string[], options: ExcludeOutputsOptions): Promise<ReadonlySet<string>> {
  const { workspace: cwd, signal } = options;
  const args = ["--literal-pathspecs", "ls-files", "-z", "--cached", "--", ...outputs];
  const { exitCode, stdout } = await hostGit(args, { cwd, signal });
  return new Set(exitCode === 0 ? stdout.toString("utf8").split("\0").filter(Boolean) : []);
}
