/**
 * What a gathered reference is called when it is brought into a repository: the branch `refs/glovebox-…/refs/heads/x` of
 * the sandbox is `heads/x`, the commit that was checked out is `HEAD`. Names that are not from git's own rooms stay below
 * `refs/`, so that none of them is taken for another.
 */
export function nameOfGathered(ref: string): string {
  const name = ref.replace(/^refs\/glovebox-[0-9a-f]+\//, "");
  return name.replace(/^state\//, "").replace(/^refs\/(heads|tags|notes|remotes)\//, "$1/");
}
