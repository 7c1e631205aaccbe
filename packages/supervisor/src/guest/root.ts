/** Whose processes a sandbox has beside its user's, where it has a root of its own. */
export const root = { uid: 0, gid: 0 } as const;
