/**
 * How much of a repository's history is copied. `none`: nothing, and no repository. `branch`: the commits of what is checked
 * out. `default`: also the default branch, the upstream, and the tags along the way. `all`: every branch, tag and note.
 */
export const historyScopes = ["none", "branch", "default", "all"] as const;
/** How much of a repository's history goes into the sandbox: nothing, the branch, the default branch too, or everything. */
export type HistoryScope = (typeof historyScopes)[number];
