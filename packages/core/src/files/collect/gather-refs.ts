import { SandboxFileError } from "../../errors/index.ts";
import { exec } from "../../exec/exec.ts";
import type { Sandbox } from "../../provider/sandbox.ts";

export interface RepositoryInside {
  /** The directory that git works in, inside the sandbox. */
  readonly directory: string;
  /** The repository's own directory, or a file that leads to it. */
  readonly gitDir: string;
  /** Whether it is root's, so that git reads it as root. */
  readonly asRoot?: boolean;
}

export interface GatheredRefs {
  /** Where the references are, inside: `refs/glovebox-…`. */
  readonly namespace: string;
  /** How many there are; at most {@link maxRefs}. */
  readonly count: number;
  /** Whether there were more than that. */
  readonly isCut: boolean;
  /** The branch that is checked out: `refs/heads/main`. */
  readonly branch?: string;
  readonly objectFormat: string;
}

export const maxRefs = 5000;
const timeoutMs = 120_000;
const missingExit = 5;

/** Files of an unfinished rebase, merge and the like: each can hold the only reference to a commit. */
const stateFiles =
  "ORIG_HEAD MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD REBASE_HEAD MERGE_AUTOSTASH " +
  "rebase-merge/orig-head rebase-merge/autostash rebase-apply/orig-head rebase-apply/autostash";

/**
 * Names every object that a repository's work hangs on, below one namespace: all references, every stash, the heads of
 * other worktrees, what only a reflog names, what a half-done rebase or merge holds, and the index where it differs from
 * both the commit and the files. What `known` names is left out.
 */
const script = `
namespace=$1
test -e "$2" || exit ${missingExit}
export LC_ALL=C GIT_DIR="$2" GIT_WORK_TREE=. GIT_TERMINAL_PROMPT=0 GIT_NO_LAZY_FETCH=1 GIT_OPTIONAL_LOCKS=0
unset GIT_INDEX_FILE GIT_NAMESPACE GIT_CONFIG_PARAMETERS
g() {
  git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c safe.directory='*' -c gc.auto=0 -c core.pager=cat \\
    -c user.name=Glovebox -c user.email=glovebox@localhost -c commit.gpgSign=false "$@"
}
d=$(g rev-parse --absolute-git-dir) || exit 3
known="$d/glovebox-known"
cat > "$known"
g for-each-ref --format='delete %(refname)' | grep '^delete refs/glovebox-[0-9a-f]*/' | g update-ref --stdin
numbered() { i=0; while read -r o; do echo "$o $1/$i"; i=$((i+1)); done; }
take() {
  g cat-file --batch-check='%(objectname) %(objecttype) %(rest)' |
    sed -n 's|^\\([0-9a-f][0-9a-f]*\\) [a-z]* \\(..*\\)$|\\1 \\2|p' | grep -v -F -f "$known" |
    sed "s|^\\([0-9a-f]*\\) \\(.*\\)$|update $namespace/\\2 \\1|"
}
staged() {
  test -f "$d/index" || return 0
  cp "$d/index" "$d/glovebox-index" || return 0
  export GIT_INDEX_FILE="$d/glovebox-index"
  head=$(g rev-parse --verify --quiet HEAD^0)
  tree=$(g write-tree --missing-ok 2>/dev/null)
  if test -n "$tree" && test "$tree" != "$(g rev-parse --verify --quiet 'HEAD^{tree}')" && ! grep -q -F "$tree" "$known" &&
    ! g diff-files --quiet 2>/dev/null; then
    g commit-tree "$tree" \${head:+-p "$head"} -m 'What was staged when the run ended' | sed 's|$| state/staged|'
  fi
  rm -f "$d/glovebox-index"
  unset GIT_INDEX_FILE
}
{
  g for-each-ref --format='%(objectname) %(refname)' | grep -v ' refs/stash$'
  g rev-list -g refs/stash 2>/dev/null | numbered stash
  echo 'refs/stash stash/0'
  echo 'HEAD state/HEAD'
  for name in ${stateFiles}; do
    test -f "$d/$name" && read -r o < "$d/$name" && echo "$o state/$(echo "$name" | tr / -)"
  done
  for f in "$d"/worktrees/*/HEAD; do test -f "$f" && head -n 1 "$f"; done | grep -v '^ref:' | numbered worktrees
  staged
} | take | sort -u -k 2,2 > "$d/glovebox-refs"
head -n ${maxRefs} "$d/glovebox-refs" | g update-ref --stdin || exit 4
lost=$(g rev-list --max-count=500 --reflog --ignore-missing --not --all HEAD 2>/dev/null ||
  g rev-list --max-count=500 --reflog --ignore-missing --not --all 2>/dev/null)
if test -n "$lost"; then
  { g merge-base --independent $lost 2>/dev/null || echo "$lost"; } | numbered reflog | take | g update-ref --stdin
fi
echo "count $(g for-each-ref --format=x "$namespace" | wc -l)"
echo "named $(wc -l < "$d/glovebox-refs")"
echo "branch $(g symbolic-ref --quiet HEAD)"
echo "format $(g rev-parse --show-object-format 2>/dev/null || echo sha1)"
rm -f "$d/glovebox-refs" "$known"
`;

/**
 * Runs in the sandbox, on a repository that may be the agent's: what it says is only read as numbers and names. `known` are the
 * object ids that the host has. A repository that is not there has no references.
 */
export async function gatherRefs(
  sandbox: Sandbox,
  repository: RepositoryInside,
  options: { readonly namespace: string; readonly known: readonly string[]; readonly signal?: AbortSignal | undefined },
): Promise<GatheredRefs> {
  const { namespace, known, signal } = options;
  const { directory, gitDir, asRoot } = repository;
  const input = known.map((id) => `${id}\n`).join("");
  const argv = ["sh", "-c", script, "sh", namespace, gitDir] as const;
  const gathered = await exec(sandbox, argv, { timeoutMs, cwd: directory, input, asRoot, signal });
  const { stdout, exitCode } = gathered;
  if (exitCode === missingExit) return { namespace, count: 0, isCut: false, objectFormat: "sha1" };
  if (exitCode !== 0) {
    throw new SandboxFileError(`git failed in the sandbox: ${lastLine(gathered.stderr) || gathered.reason}`);
  }
  const said = (name: string) => new RegExp(`^${name} +([^\\0- ]+)$`, "m").exec(stdout)?.[1];
  const branch = said("branch");
  return {
    namespace,
    count: Number(said("count") ?? 0),
    isCut: Number(said("named") ?? 0) > maxRefs,
    ...(branch?.startsWith("refs/heads/") ? { branch } : {}),
    objectFormat: said("format") === "sha256" ? "sha256" : "sha1",
  };
}

export function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").slice(0, 300);
}
