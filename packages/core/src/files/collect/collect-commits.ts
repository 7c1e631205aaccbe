import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Sandbox } from "../../provider/sandbox.ts";
import { workspaceDir } from "../../provider/sandbox.ts";
import { nameOfGathered } from "../git/bundle-refs.ts";
import { collectBundle } from "./collect-bundle.ts";
import { gatherRefs, maxRefs } from "./gather-refs.ts";
import { chooseRepositoryReader } from "./repository-reader.ts";

export interface CollectCommitsOptions {
  readonly runDirectory: string;
  /** The objects that the sandbox's history began with. */
  readonly known: readonly string[];
  /** What was staged as it began. */
  readonly indexTree?: string | undefined;
  /** The largest bundle that is taken, in bytes. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  onWarning?(code: string, message: string): void;
}

export interface CollectedCommits {
  /** The path of a git bundle. */
  readonly bundle: string;
  /** What it holds, by name; the first hundred. */
  readonly refs: string[];
}

const mostNamed = 100;

/**
 * Brings the agent's commits back as a git bundle in the run's directory: those of every branch, tag, note, stash, worktree
 * and reflog. `undefined` when there are none.
 */
export async function collectCommits(
  sandbox: Sandbox,
  options: CollectCommitsOptions,
): Promise<CollectedCommits | undefined> {
  const { known, signal } = options;
  const place = { directory: workspaceDir, gitDir: `${workspaceDir}/.git` };
  const repository = await chooseRepositoryReader(sandbox, place, signal);
  const namespace = `refs/glovebox-${randomBytes(8).toString("hex")}`;
  const { count, isCut } = await gatherRefs(sandbox, repository, {
    namespace,
    known: options.indexTree === undefined ? known : [...known, options.indexTree],
    signal,
  });
  if (isCut) {
    options.onWarning?.("commits", `The agent made more than ${maxRefs} references; those after were not brought back`);
  }
  if (count === 0) return undefined;
  const bundle = join(options.runDirectory, "commits.bundle");
  const { maxBytes } = options;
  const header = await collectBundle(sandbox, repository, { namespace, known, path: bundle, maxBytes, signal });
  const refs = header.refs.map(({ name }) => nameOfGathered(name)).sort();
  return { bundle, refs: refs.slice(0, mostNamed) };
}
