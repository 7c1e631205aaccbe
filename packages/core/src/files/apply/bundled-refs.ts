import { readBundleHeader } from "../git/bundle-header.ts";
import { nameOfGathered } from "../git/bundle-refs.ts";
import type { FetchedCommit } from "./fetch-commits.ts";

/** Where the commits of a run's bundle are in a repository that they were brought into, in order. */
export async function bundledRefs(bundle: string, runId: string): Promise<readonly FetchedCommit[]> {
  const { refs } = await readBundleHeader(bundle);
  return refs
    .map(({ name, commit }) => ({ ref: `refs/glovebox/${runId}/${nameOfGathered(name)}`, commit }))
    .sort((a, b) => (a.ref < b.ref ? -1 : 1));
}
