import { upstreamOf } from "./carried-settings.ts";
import type { GitWorkspace } from "./git-workspace.ts";
import type { HistoryScope } from "./history-scope.ts";
import { hostGit } from "./host-git.ts";
import type { HostSettings } from "./host-settings.ts";

export interface HistoryRefs {
  /** Object ids by the full names of the references that go in. */
  readonly refs: ReadonlyMap<string, string>;
  /** References that are names for others: `refs/remotes/origin/HEAD`. */
  readonly links: ReadonlyMap<string, string>;
}

const mostTags = 1000;
const maxRefs = 20_000;
const usualBranches = ["main", "master", "trunk"];

export interface HistoryRefsOptions {
  readonly workspace: string;
  readonly git: GitWorkspace;
  readonly settings: HostSettings;
  readonly scope: HistoryScope;
  readonly signal?: AbortSignal | undefined;
}

/** Chooses the references that go in beside what is checked out. */
export async function chooseHistoryRefs(options: HistoryRefsOptions): Promise<HistoryRefs> {
  const { git, scope } = options;
  const refs = new Map<string, string>();
  const links = new Map<string, string>();
  if (git.head !== undefined && git.branch !== undefined) refs.set(git.branch, git.head);
  if (git.head === undefined || scope === "branch" || scope === "none") return { refs, links };
  const { existing, symbolic } = await listRefs(options);
  for (const name of scope === "all" ? existing.keys() : defaultRefs(options, existing, symbolic)) {
    const id = existing.get(name);
    if (id !== undefined && refs.size < maxRefs) refs.set(name, id);
  }
  for (const [name, target] of symbolic) if (refs.has(target)) links.set(name, target);
  if (scope === "default") for (const [name, id] of await tagsOnTheWay(options, refs, existing)) refs.set(name, id);
  return { refs, links };
}

async function listRefs({ workspace, signal }: HistoryRefsOptions) {
  const existing = new Map<string, string>();
  const symbolic = new Map<string, string>();
  const rooms = ["refs/heads", "refs/remotes", "refs/tags", "refs/notes"];
  const args = ["for-each-ref", "--format=%(refname) %(objectname) %(symref)", ...rooms];
  const { stdout } = await hostGit(args, { cwd: workspace, signal });
  for (const line of stdout.toString("utf8").split("\n")) {
    const [name, id, target] = line.split(" ");
    if (name === undefined || id === undefined) continue;
    if (target) symbolic.set(name, target);
    else existing.set(name, id);
  }
  return { existing, symbolic };
}

function defaultRefs(
  { git, settings }: HistoryRefsOptions,
  existing: ReadonlyMap<string, string>,
  symbolic: ReadonlyMap<string, string>,
): string[] {
  const remote = symbolic.get("refs/remotes/origin/HEAD");
  const usual = usualBranches.map((name) => `refs/remotes/origin/${name}`).find((name) => existing.has(name));
  const remoteDefault = remote ?? usual;
  const named = remoteDefault?.replace(/^refs\/remotes\/[^/]+\//, "");
  const local = [named, ...usualBranches].find((name) => name !== undefined && existing.has(`refs/heads/${name}`));
  const upstream = git.branch === undefined ? undefined : upstreamOf(settings, git.branch);
  return [
    ...(remoteDefault === undefined ? [] : [remoteDefault]),
    ...(local === undefined ? [] : [`refs/heads/${local}`]),
    ...(upstream === undefined ? [] : [upstream.merge.replace(/^refs\/heads\//, `refs/remotes/${upstream.remote}/`)]),
  ];
}

/** Tags of commits that go in anyway: they add their names and little else. The newest first. */
async function tagsOnTheWay(
  { workspace, git, signal }: HistoryRefsOptions,
  refs: ReadonlyMap<string, string>,
  existing: ReadonlyMap<string, string>,
): Promise<[string, string][]> {
  if (![...existing.keys()].some((name) => name.startsWith("refs/tags/"))) return [];
  const tips = [...new Set([git.head ?? "", ...refs.values()])].map((id) => `--merged=${id}`);
  const args = ["for-each-ref", "--format=%(refname)", "--sort=-creatordate", `--count=${mostTags}`, ...tips];
  const { stdout } = await hostGit([...args, "refs/tags"], { cwd: workspace, signal });
  const names = stdout
    .toString("utf8")
    .split("\n")
    .filter((name) => name !== "");
  return names.flatMap((name) => {
    const id = existing.get(name);
    return id === undefined ? [] : [[name, id] satisfies [string, string]];
  });
}
